namespace Tigger.Protocol;

/// <summary>Status byte of ReadyForQuery (PostgreSQL: "Message Formats").</summary>
public static class TransactionStatus
{
    public const byte Idle = (byte)'I';
    public const byte InTransaction = (byte)'T';
    public const byte Failed = (byte)'E';
}
