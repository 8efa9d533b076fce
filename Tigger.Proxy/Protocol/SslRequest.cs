namespace Tigger.Protocol;

/// <summary>SSLRequest: asks for encryption before anything else is said.</summary>
public static class SslRequest
{
    public static byte[] Message { get; } = new MessageWriter().Int32(8).Int32(StartupCode.SslRequest).ToArray();
}
