using Tigger.Config;

namespace Tigger.Tls;

/// <summary>The settings of one side, <c>client_tls_*</c> or <c>server_tls_*</c>; equal when nothing was changed.</summary>
internal sealed record TlsOptions(
    string Prefix, TlsMode Mode, string KeyFile, string CertFile, string CaFile, string Protocols, string Ciphers, string? Tls13Ciphers, string Curve)
{
    public static TlsOptions ForClients(TiggerConfig config) => new(
        "client_tls_", config.ClientTlsSslmode, config.ClientTlsKeyFile, config.ClientTlsCertFile, config.ClientTlsCaFile,
        config.ClientTlsProtocols, config.ClientTlsCiphers, config.ClientTls13Ciphers, config.ClientTlsEcdhcurve);

    public static TlsOptions ForServers(TiggerConfig config) => new(
        "server_tls_", config.ServerTlsSslmode, config.ServerTlsKeyFile, config.ServerTlsCertFile, config.ServerTlsCaFile,
        config.ServerTlsProtocols, config.ServerTlsCiphers, config.ServerTls13Ciphers, "auto");
}
