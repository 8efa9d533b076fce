namespace Tigger.Protocol;

/// <summary>Status in ReadyForQuery; the values are the bytes on the wire.</summary>
public enum TransactionStatus : byte
{
    /// <summary>Not in a transaction block.</summary>
    Idle = (byte)'I',

    /// <summary>In a transaction block.</summary>
    InTransaction = (byte)'T',

    /// <summary>In a failed transaction block: everything is refused until it ends.</summary>
    Failed = (byte)'E',
}
