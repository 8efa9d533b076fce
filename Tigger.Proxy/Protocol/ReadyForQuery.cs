namespace Tigger.Protocol;

/// <summary>ReadyForQuery: the server will take the next query.</summary>
public static class ReadyForQuery
{
    /// <param name="status">See <see cref="TransactionStatus"/>.</param>
    public static byte[] Build(byte status) => [BackendCode.ReadyForQuery, 0, 0, 0, 5, status];
}
