namespace Tigger.Admin.Show;

/// <summary>SHOW LISTS: how many there are of everything. Nothing is kept for reuse, so what PgBouncer calls free is 0.</summary>
public sealed class ShowLists : IShowCommand
{
    /// <summary>The console counts as a database and a pool of its own.</summary>
    private const int Console = 1;

    public string Name => "lists";

    public IReadOnlyList<ResultColumn> Columns { get; } = ResultColumn.List("list:s items:i");

    public void Fill(ResultTable rows, AdminContext context)
    {
        rows.Add("databases", context.Registry.Databases.Count() + Console);
        rows.Add("users", ShowUsers.NamesIn(context).Count);
        rows.Add("peers", context.Config.Peers.Count);
        rows.Add("pools", context.Registry.Pools.Count() + Console);
        rows.Add("peer_pools", context.Peers.Pools.Count());
        rows.Add("free_clients", 0);
        rows.Add("used_clients", context.Sessions.ConnectionCount);

        // To the table of sessions a client of the console is a login that goes on and on.
        rows.Add("login_clients", Math.Max(0, context.Sessions.LoginCount - context.Admins.Count));
        rows.Add("free_servers", 0);
        rows.Add("used_servers", context.Registry.Limits.Total);
        rows.Add("dns_names", context.Registry.Names.Entries.Count);
        rows.Add("dns_zones", 0);
        rows.Add("dns_queries", 0);
        rows.Add("dns_pending", 0);
    }
}
