using Tigger.Sessions;

namespace Tigger.Admin.Show;

/// <summary>SHOW CLIENTS: everybody who is logged in, the console's own clients included.</summary>
public sealed class ShowClients : IShowCommand
{
    public string Name => "clients";

    public IReadOnlyList<ResultColumn> Columns => SocketRows.Columns;

    public void Fill(ResultTable rows, AdminContext context)
    {
        foreach (AdminSession admin in context.Admins.Sessions)
        {
            rows.Add(SocketRows.Of(admin, "idle", context));
        }

        foreach (ClientSession session in context.Sessions.Sessions.OrderBy(session => session.Id))
        {
            SessionSnapshot now = session.Snapshot();
            rows.Add(SocketRows.Of(session, now, Word(now), context));
        }
    }

    private static string Word(SessionSnapshot now) => (now.State, now.Server) switch
    {
        (SessionState.Waiting, _) => "waiting",
        (_, null) => "idle",
        _ => "active",
    };
}
