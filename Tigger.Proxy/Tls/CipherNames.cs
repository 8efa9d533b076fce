using System.Net.Security;

namespace Tigger.Tls;

/// <summary>The names PgBouncer and PostgreSQL show, which are OpenSSL's: ECDHE-RSA-AES256-GCM-SHA384.</summary>
internal static class CipherNames
{
    private static readonly Lazy<IReadOnlyDictionary<TlsCipherSuite, string>> Known = new(CipherList.Names);

    /// <summary>The standard's name where OpenSSL is not there to ask; in TLS 1.3 they are the same.</summary>
    public static string Of(TlsCipherSuite cipher) => Known.Value.GetValueOrDefault(cipher) ?? cipher.ToString();
}
