using static Tigger.Config.SettingFactory<Tigger.Config.PeerConfig>;

namespace Tigger.Config;

/// <summary>The keys of an entry of <c>peers</c>.</summary>
public static class PeerKeys
{
    public static KeyTable<PeerConfig> Table { get; } = new(
    [
        Hosts("host", "", p => p.Host, (p, v) => p with { Host = v }, "Host, socket directory (/dir) or abstract socket (@name) of the peer; required."),
        Port("port", "6432", p => p.Port, (p, v) => p with { Port = v }, "TCP port, or suffix of the Unix socket."),
        OptCount("pool_size", p => p.PoolSize, (p, v) => p with { PoolSize = v }, "Cancel requests under way at once; not set = default_pool_size."),
    ]);
}
