using System.Net;
using Tigger.Config;
using Tigger.Pooling;
using Tigger.Sessions;

namespace Tigger.Admin.Show;

/// <summary>
/// Rows of SHOW CLIENTS, SERVERS and SOCKETS. <c>ptr</c> and <c>link</c> are PgBouncer's memory addresses; here they are the
/// names under which the log knows the same connections: C-7, S-3.
/// </summary>
internal static class SocketRows
{
    private const string Plain =
        "type:s user:s database:s replication:s state:s addr:s port:i local_addr:s local_port:i connect_time:s request_time:s wait:i "
        + "wait_us:i close_needed:i ptr:s link:s remote_pid:i tls:s application_name:s prepared_statements:i id:i";

    public static IReadOnlyList<ResultColumn> Columns { get; } = ResultColumn.List(Plain);

    /// <summary>With the fill of buffers.</summary>
    public static IReadOnlyList<ResultColumn> BufferColumns { get; } =
        ResultColumn.List(Plain + " recv_pos:i pkt_pos:i pkt_remain:i send_pos:i send_remain:i pkt_avail:i send_avail:i");

    public static object?[] Of(ClientSession session, SessionSnapshot now, string state, AdminContext context)
    {
        SessionLogin login = session.Login;
        TimeSpan wait = Elapsed(context, now.BusySince);
        return
        [
            "C", login.User.Name, login.Database.Name, Words.Word(login.Replication), state,
            .. Ends(login.Remote, login.Local, context.Config.ListenPort),
            Words.Time(login.ConnectedTime), Words.Time(context.TimeOf(session.RequestedAt)),
            (int)wait.TotalSeconds, MicrosecondsOf(wait), false,
            $"C-{session.Id}", now.Server is { } server ? $"S-{server.Id}" : "",
            0, login.Tls, ApplicationName(session.Parameters, context) ?? login.ApplicationName,
            session.PreparedStatements, session.Id,
        ];
    }

    public static object?[] Of(ServerConnection server, string state, AdminContext context)
    {
        ClientSession? client = server.Client;
        TimeSpan wait = client is null ? TimeSpan.Zero : Elapsed(context, client.Snapshot().BusySince);
        return
        [
            "S", server.Pool.User.Name, server.Pool.Database.Name, Words.Word(client?.Login.Replication ?? ReplicationMode.None), state,
            .. Ends(server.Identity.Remote, server.Identity.Local, server.Pool.Database.Config.Port),
            Words.Time(server.ConnectedTime), Words.Time(context.TimeOf(client?.RequestedAt ?? server.LastUsedAt)),
            (int)wait.TotalSeconds, MicrosecondsOf(wait), server.CloseNeeded,
            $"S-{server.Id}", client is null ? "" : $"C-{client.Id}",
            server.Identity.ProcessId, server.Identity.Tls, ApplicationName(server.Parameters, context) ?? "",
            server.Statements.Count, server.Id,
        ];
    }

    public static object?[] Of(AdminSession session, string state, AdminContext context) =>
    [
        "C", session.User, Limits.AdminDatabase, "none", state,
        .. Ends(session.Client.Remote, session.Client.Local, context.Config.ListenPort),
        Words.Time(session.ConnectedTime), Words.Time(context.TimeOf(session.RequestedAt)),
        0, 0, false, $"C-{session.Client.Id}", "", 0, session.Client.Encryption?.Description ?? "", "", 0, session.Client.Id,
    ];

    /// <summary>The columns for buffers, which hold bytes only while the other side does not take them.</summary>
    public static object?[] WithBuffers(object?[] row, int received, int toSend) => [.. row, 0, 0, 0, 0, 0, received, toSend];

    /// <summary>The part of a time below a second.</summary>
    public static int MicrosecondsOf(TimeSpan time) => (int)(time.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond);

    private static object?[] Ends(IPEndPoint? remote, IPEndPoint? local, int unixPort) =>
        [Words.Address(remote), remote?.Port ?? unixPort, Words.Address(local), local?.Port ?? unixPort];

    private static TimeSpan Elapsed(AdminContext context, long since) => since == 0 ? TimeSpan.Zero : context.Clock.GetElapsedTime(since);

    private static string? ApplicationName(ParameterProfile parameters, AdminContext context) =>
        parameters[context.Registry.Tracked.IndexOf("application_name")];
}
