using Tigger.Pooling;
using Tigger.Prepared;

namespace Tigger.Mirroring;

/// <summary>The client session whose transactions are mirrored.</summary>
/// <param name="Client">Its id.</param>
/// <param name="User">Whom its servers are logged in as.</param>
/// <param name="Startup">What it asked for in its startup packet.</param>
/// <param name="OwnsServer">Session pooling: it keeps a server, and so it does on a mirror.</param>
/// <param name="Table">The prepared statements of its pool.</param>
/// <param name="Statements">What it has prepared until now; empty where the pooler does not know.</param>
internal sealed record MirrorSource(
    long Client, string User, SessionStartup Startup, bool OwnsServer, StatementTable Table,
    Func<IEnumerable<KeyValuePair<byte[], PreparedStatement>>> Statements)
{
    /// <summary>The client's address and port; "unix": it came by a Unix socket.</summary>
    public string Address { get; init; } = "";
}
