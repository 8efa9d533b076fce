using System.Security.Authentication;

#pragma warning disable SYSLIB0039, CA5397 // The old versions are there for who asks for them by name, as in PgBouncer.

namespace Tigger.Tls;

/// <summary>The words of <c>*_tls_protocols</c>, and OpenSSL's names of the versions.</summary>
internal static class TlsVersions
{
    private const SslProtocols Version10 = SslProtocols.Tls;
    private const SslProtocols Version11 = SslProtocols.Tls11;
    private const SslProtocols Secure = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>A list as the configuration has checked it: separated by commas or colons.</summary>
    public static SslProtocols Parse(string list) => list.Split([',', ':'], StringSplitOptions.TrimEntries)
        .Aggregate(SslProtocols.None, (all, word) => all | OfWord(word));

    public static string Name(SslProtocols version) => version switch
    {
        SslProtocols.Tls13 => "TLSv1.3",
        SslProtocols.Tls12 => "TLSv1.2",
        Version11 => "TLSv1.1",
        Version10 => "TLSv1",
        _ => version.ToString(),
    };

    private static SslProtocols OfWord(string word) => word.ToLowerInvariant() switch
    {
        "tlsv1.0" => Version10,
        "tlsv1.1" => Version11,
        "tlsv1.2" => SslProtocols.Tls12,
        "tlsv1.3" => SslProtocols.Tls13,
        "all" or "legacy" => Version10 | Version11 | Secure,
        _ => Secure,
    };
}
