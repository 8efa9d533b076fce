namespace Tigger.Config;

// Settings of the group "TLS": PgBouncer's names, meanings and defaults.
public sealed partial record TiggerConfig
{
    /// <summary><c>client_tls_sslmode</c>: TLS to clients: disable, allow, prefer, require, verify-ca or verify-full.</summary>
    public TlsMode ClientTlsSslmode { get; init; }

    /// <summary><c>client_tls_key_file</c>: Private key (PEM) shown to clients.</summary>
    public string ClientTlsKeyFile { get; init; } = "";

    /// <summary><c>client_tls_cert_file</c>: Certificate (PEM) shown to clients.</summary>
    public string ClientTlsCertFile { get; init; } = "";

    /// <summary><c>client_tls_ca_file</c>: Root certificates (PEM) that verify clients.</summary>
    public string ClientTlsCaFile { get; init; } = "";

    /// <summary><c>client_tls_protocols</c>: TLS versions: tlsv1.0 to tlsv1.3, all, or secure = 1.2 and 1.3.</summary>
    public string ClientTlsProtocols { get; init; } = "secure";

    /// <summary><c>client_tls_ciphers</c>: Ciphers up to TLS 1.2 in OpenSSL syntax; default = the system's.</summary>
    public string ClientTlsCiphers { get; init; } = "default";

    /// <summary><c>client_tls13_ciphers</c>: Ciphers of TLS 1.3; not set = the library's.</summary>
    public string? ClientTls13Ciphers { get; init; }

    /// <summary><c>client_tls_ecdhcurve</c>: Curve for ECDH: none, auto or a name.</summary>
    public string ClientTlsEcdhcurve { get; init; } = "auto";

    /// <summary><c>client_tls_dheparams</c>: DHE parameters: none, auto (2048 bit) or legacy (1024 bit).</summary>
    public string ClientTlsDheparams { get; init; } = "auto";

    /// <summary><c>server_tls_sslmode</c>: TLS to servers: disable, allow, prefer, require, verify-ca or verify-full.</summary>
    public TlsMode ServerTlsSslmode { get; init; } = TlsMode.Prefer;

    /// <summary><c>server_tls_key_file</c>: Private key (PEM) shown to servers.</summary>
    public string ServerTlsKeyFile { get; init; } = "";

    /// <summary><c>server_tls_cert_file</c>: Certificate (PEM) shown to servers.</summary>
    public string ServerTlsCertFile { get; init; } = "";

    /// <summary><c>server_tls_ca_file</c>: Root certificates (PEM) that verify servers.</summary>
    public string ServerTlsCaFile { get; init; } = "";

    /// <summary><c>server_tls_protocols</c>: TLS versions: tlsv1.0 to tlsv1.3, all, or secure = 1.2 and 1.3.</summary>
    public string ServerTlsProtocols { get; init; } = "secure";

    /// <summary><c>server_tls_ciphers</c>: Ciphers up to TLS 1.2 in OpenSSL syntax; default = the system's.</summary>
    public string ServerTlsCiphers { get; init; } = "default";

    /// <summary><c>server_tls13_ciphers</c>: Ciphers of TLS 1.3; not set = the library's.</summary>
    public string? ServerTls13Ciphers { get; init; }

    /// <summary><c>server_tls_sslnegotiation</c>: How TLS to servers begins: postgres asks first, direct (PostgreSQL 17) does not.</summary>
    public TlsNegotiation ServerTlsSslnegotiation { get; init; }
}
