using static Tigger.Config.SettingFactory<Tigger.Config.TiggerConfig>;

namespace Tigger.Config;

/// <summary>The table entries of the group "TLS".</summary>
internal static class TlsSettings
{
    public static IReadOnlyList<Setting<TiggerConfig>> Entries { get; } =
    [
        Choice("client_tls_sslmode", "disable", Choices.TlsModes, c => c.ClientTlsSslmode, (c, v) => c with { ClientTlsSslmode = v }, "TLS to clients: disable, allow, prefer, require, verify-ca or verify-full."),
        File("client_tls_key_file", "", c => c.ClientTlsKeyFile, (c, v) => c with { ClientTlsKeyFile = v }, "Private key (PEM) shown to clients."),
        File("client_tls_cert_file", "", c => c.ClientTlsCertFile, (c, v) => c with { ClientTlsCertFile = v }, "Certificate (PEM) shown to clients."),
        File("client_tls_ca_file", "", c => c.ClientTlsCaFile, (c, v) => c with { ClientTlsCaFile = v }, "Root certificates (PEM) that verify clients."),
        TlsProtocols("client_tls_protocols", "secure", c => c.ClientTlsProtocols, (c, v) => c with { ClientTlsProtocols = v }, "TLS versions: tlsv1.0 to tlsv1.3, all, or secure = 1.2 and 1.3."),
        Text("client_tls_ciphers", "default", c => c.ClientTlsCiphers, (c, v) => c with { ClientTlsCiphers = v }, "Ciphers up to TLS 1.2 in OpenSSL syntax; default = the system's."),
        OptText("client_tls13_ciphers", c => c.ClientTls13Ciphers, (c, v) => c with { ClientTls13Ciphers = v }, "Ciphers of TLS 1.3; not set = the library's."),
        Text("client_tls_ecdhcurve", "auto", c => c.ClientTlsEcdhcurve, (c, v) => c with { ClientTlsEcdhcurve = v }, "Curve for ECDH: none, auto or a name."),
        Choice("client_tls_dheparams", "auto", Choices.DheParams, c => c.ClientTlsDheparams, (c, v) => c with { ClientTlsDheparams = v }, "DHE parameters: none, auto (2048 bit) or legacy (1024 bit)."),
        Choice("server_tls_sslmode", "prefer", Choices.TlsModes, c => c.ServerTlsSslmode, (c, v) => c with { ServerTlsSslmode = v }, "TLS to servers: disable, allow, prefer, require, verify-ca or verify-full."),
        File("server_tls_key_file", "", c => c.ServerTlsKeyFile, (c, v) => c with { ServerTlsKeyFile = v }, "Private key (PEM) shown to servers."),
        File("server_tls_cert_file", "", c => c.ServerTlsCertFile, (c, v) => c with { ServerTlsCertFile = v }, "Certificate (PEM) shown to servers."),
        File("server_tls_ca_file", "", c => c.ServerTlsCaFile, (c, v) => c with { ServerTlsCaFile = v }, "Root certificates (PEM) that verify servers."),
        TlsProtocols("server_tls_protocols", "secure", c => c.ServerTlsProtocols, (c, v) => c with { ServerTlsProtocols = v }, "TLS versions: tlsv1.0 to tlsv1.3, all, or secure = 1.2 and 1.3."),
        Text("server_tls_ciphers", "default", c => c.ServerTlsCiphers, (c, v) => c with { ServerTlsCiphers = v }, "Ciphers up to TLS 1.2 in OpenSSL syntax; default = the system's."),
        OptText("server_tls13_ciphers", c => c.ServerTls13Ciphers, (c, v) => c with { ServerTls13Ciphers = v }, "Ciphers of TLS 1.3; not set = the library's."),
        Choice("server_tls_sslnegotiation", "postgres", Choices.TlsNegotiations, c => c.ServerTlsSslnegotiation, (c, v) => c with { ServerTlsSslnegotiation = v }, "How TLS to servers begins: postgres asks first, direct (PostgreSQL 17) does not.").OwnToTigger(),
    ];
}
