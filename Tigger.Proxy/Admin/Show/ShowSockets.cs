using Tigger.Pooling;
using Tigger.Sessions;

namespace Tigger.Admin.Show;

/// <summary>SHOW SOCKETS: clients and servers with the fill of their buffers.</summary>
public sealed class ShowSockets : IShowCommand
{
    public string Name => "sockets";

    public IReadOnlyList<ResultColumn> Columns => SocketRows.BufferColumns;

    public void Fill(ResultTable rows, AdminContext context) => Fill(rows, context, onlyBusy: false);

    /// <param name="rows">Where to add to.</param>
    /// <param name="context">The process.</param>
    /// <param name="onlyBusy">Only connections with something in a buffer.</param>
    internal static void Fill(ResultTable rows, AdminContext context, bool onlyBusy)
    {
        foreach (AdminSession admin in onlyBusy ? [] : context.Admins.Sessions)
        {
            rows.Add(SocketRows.WithBuffers(SocketRows.Of(admin, "cl_active", context), 0, 0));
        }

        foreach (ClientSession session in context.Sessions.Sessions.OrderBy(session => session.Id))
        {
            SessionSnapshot now = session.Snapshot();
            string state = now.State == SessionState.Waiting ? "cl_waiting" : "cl_active";
            if (!onlyBusy || now.Held + now.Owed > 0)
            {
                rows.Add(SocketRows.WithBuffers(SocketRows.Of(session, now, state, context), now.Held, now.Owed));
            }
        }

        foreach (ServerConnection server in context.Registry.Pools.SelectMany(pool => pool.Servers))
        {
            // Read without the owner's lock: each is one number, and only shown.
            int held = server.Held.Length;
            int owed = server.Out.Length;
            if (!onlyBusy || held + owed > 0)
            {
                rows.Add(SocketRows.WithBuffers(SocketRows.Of(server, $"sv_{ShowServers.Word(server)}", context), held, owed));
            }
        }
    }
}
