using Tigger.Config;

namespace Tigger.Tls;

/// <summary>TLS of both sides in force. A reload replaces it; connections that are open keep what they have.</summary>
/// <param name="Client">Null: clients are not offered any.</param>
/// <param name="Server">Null: PostgreSQL is not asked for any.</param>
public sealed record TlsContexts(ClientTls? Client, ServerTls? Server)
{
    public static TlsContexts None { get; } = new(null, null);

    /// <summary>Reads the files anew. Null: something in them or in the settings cannot be used, <paramref name="fault"/> says what.</summary>
    internal static TlsContexts? Load(TiggerConfig config, out TlsFault? fault)
    {
        fault = null;
        try
        {
            return new TlsContexts(
                config.ClientTlsSslmode == TlsMode.Disable ? null : new ClientTls(new TlsSetup(TlsOptions.ForClients(config))),
                config.ServerTlsSslmode == TlsMode.Disable
                    ? null
                    : new ServerTls(new TlsSetup(TlsOptions.ForServers(config)), config.ServerTlsSslnegotiation));
        }
        catch (TlsFault found)
        {
            fault = found;
            return null;
        }
    }

    /// <summary>Whether the settings of both are the same; the files they name are not looked at.</summary>
    internal static bool AreSettingsSame(TiggerConfig one, TiggerConfig other) =>
        TlsOptions.ForClients(one) == TlsOptions.ForClients(other) && TlsOptions.ForServers(one) == TlsOptions.ForServers(other)
        && one.ServerTlsSslnegotiation == other.ServerTlsSslnegotiation;
}
