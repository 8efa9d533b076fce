using static Tigger.Config.SettingFactory<Tigger.Config.MirrorConfig>;

namespace Tigger.Config;

/// <summary>The keys of an entry of a database's <c>mirrors</c>.</summary>
public static class MirrorKeys
{
    private const int SmallestQueue = 64 * 1024;

    public static KeyTable<MirrorConfig> Table { get; } = new(
    [
        OptName("name", Limits.DatabaseNameBytes, m => m.Name.Length == 0 ? null : m.Name, (m, v) => m with { Name = v ?? "" }, "Name of the mirror in SHOW MIRRORS; required."),
        Hosts("host", "", m => m.Host, (m, v) => m with { Host = v }, "Host, socket directory (/dir) or abstract socket (@name); empty = the local Unix socket."),
        Port("port", "5432", m => m.Port, (m, v) => m with { Port = v }, "TCP port, or suffix of the Unix socket."),
        OptName("dbname", Limits.DatabaseNameBytes, m => m.DbName, (m, v) => m with { DbName = v }, "Database on the mirror; not set = that on the primary."),
        OptName("user", Limits.UserNameBytes, m => m.User, (m, v) => m with { User = v }, "User on the mirror; not set = that on the primary."),
        Password("password", m => m.Password, (m, v) => m with { Password = v }, "Password of user; not set = the one in auth_file."),
        Int("pool_size", "10", 1, 10_000, m => m.PoolSize, (m, v) => m with { PoolSize = v }, "Connections per user."),
        Share("fraction", "1", m => m.Fraction, (m, v) => m with { Fraction = v }, "Share of the sessions that are mirrored, 0 to 1; a session is mirrored whole or not at all."),
        Choice("statements", "all", Choices.MirroredStatements, m => m.Statements, (m, v) => m with { Statements = v }, "Which transactions: all, reads, or writes."),
        Size("queue_bytes", "16777216", SmallestQueue, int.MaxValue, m => m.QueueBytes, (m, v) => m with { QueueBytes = v }, "Most bytes collected and queued for this mirror; what does not fit is dropped by whole transactions."),
        Choice("on_overflow", "drop_transaction", Choices.MirrorOverflows, m => m.OnOverflow, (m, v) => m with { OnOverflow = v }, "What happens to what does not fit: drop_transaction."),
    ]);
}
