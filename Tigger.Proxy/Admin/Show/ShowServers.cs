using Tigger.Pooling;

namespace Tigger.Admin.Show;

/// <summary>SHOW SERVERS: every logged-in connection to PostgreSQL.</summary>
public sealed class ShowServers : IShowCommand
{
    public string Name => "servers";

    public IReadOnlyList<ResultColumn> Columns => SocketRows.Columns;

    public void Fill(ResultTable rows, AdminContext context)
    {
        foreach (ServerConnection server in context.Registry.Pools.SelectMany(pool => pool.Servers))
        {
            rows.Add(SocketRows.Of(server, Word(server), context));
        }
    }

    internal static string Word(ServerConnection server) => server.State switch
    {
        ServerState.Active => "active",
        ServerState.Tested => "tested",
        ServerState.BeingCanceled => "being_canceled",
        _ => server.Pool.IsStale(server) ? "used" : "idle",
    };
}
