namespace Tigger.Protocol;

/// <summary>The number that stands where a StartupMessage has its protocol version.</summary>
public static class StartupCode
{
    /// <summary>The first byte of a TLS handshake, which no startup packet of ours begins with.</summary>
    public const byte TlsHandshake = 0x16;

    public const int CancelRequest = 80877102;
    public const int SslRequest = 80877103;
    public const int GssEncRequest = 80877104;

    /// <summary>Protocol 3.0: major version in the upper 16 bits, minor in the lower.</summary>
    public const int Version3 = 3 << 16;
}
