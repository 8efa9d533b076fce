namespace Tigger.Protocol;

/// <summary>ReadyForQuery ('Z'): one status byte.</summary>
public static class ReadyForQuery
{
    public static void Write(MessageWriter writer, TransactionStatus status)
    {
        writer.Begin(BackendCode.ReadyForQuery);
        writer.WriteByte((byte)status);
        writer.End();
    }

    /// <returns>False if the body is not exactly one known status.</returns>
    public static bool TryParse(ReadOnlySpan<byte> body, out TransactionStatus status)
    {
        status = body.Length == 1 ? (TransactionStatus)body[0] : default;
        return status is TransactionStatus.Idle or TransactionStatus.InTransaction or TransactionStatus.Failed;
    }
}
