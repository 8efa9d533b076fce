namespace Tigger.Protocol;

/// <summary>Terminate (frontend): the session ends and the connection is about to be closed.</summary>
public static class Terminate
{
    /// <summary>The whole message.</summary>
    public static ReadOnlySpan<byte> Message => [FrontendCode.Terminate, 0, 0, 0, 4];
}
