namespace Tigger.Protocol;

/// <summary>CancelRequest: sent on a connection of its own, answered by closing it (PostgreSQL: "Canceling Requests in Progress").</summary>
public static class CancelRequest
{
    public static byte[] Build(int processId, ReadOnlySpan<byte> secret) =>
        new MessageWriter().BeginUntyped().Int32(StartupCode.CancelRequest).Int32(processId).Bytes(secret).End().ToArray();
}
