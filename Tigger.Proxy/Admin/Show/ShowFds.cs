using System.Buffers.Binary;
using System.Net;
using Tigger.Listening;
using Tigger.Pooling;
using Tigger.Sessions;

namespace Tigger.Admin.Show;

/// <summary>
/// SHOW FDS: the descriptors of all listeners and connections. PgBouncer hands them over to its successor with this command and
/// therefore shows passwords; here TAKEOVER does that, and those columns are empty.
/// </summary>
public sealed class ShowFds : IShowCommand
{
    private static readonly string[] Shown = ["client_encoding", "standard_conforming_strings", "DateStyle", "TimeZone"];

    public string Name => "fds";

    public IReadOnlyList<ResultColumn> Columns { get; } = ResultColumn.List(
        "fd:i task:s user:s database:s addr:s port:i cancel:q link:i client_encoding:s std_strings:s datestyle:s timezone:s "
        + "password:s scram_client_key:b scram_server_key:b");

    public bool NeedsAdmin => true;

    public void Fill(ResultTable rows, AdminContext context)
    {
        foreach ((ListenEndpoint endpoint, int descriptor) in context.Listeners())
        {
            IPEndPoint? address = endpoint.Address as IPEndPoint;
            rows.Add(
            [
                descriptor, "pooler", null, null, Words.Address(address), address?.Port ?? context.Config.ListenPort, 0L, 0,
                .. new object?[Shown.Length], null, null, null,
            ]);
        }

        foreach (ClientSession session in context.Sessions.Sessions.OrderBy(session => session.Id))
        {
            SessionLogin login = session.Login;
            rows.Add(
            [
                session.Socket.Descriptor, "client", login.User.Name, login.Database.Name,
                .. Address(login.Remote, context.Config.ListenPort), (long)login.CancelKey.Value, session.Snapshot().Server?.Socket.Descriptor ?? 0,
                .. Tracked(session.Parameters, context), null, null, null,
            ]);
        }

        foreach (ServerConnection server in context.Registry.Pools.SelectMany(pool => pool.Servers))
        {
            rows.Add(
            [
                server.Socket.Descriptor, "server", server.Pool.User.Name, server.Pool.Database.Name,
                .. Address(server.RemoteEndPoint, server.Pool.Database.Config.Port), Key(server.Identity), server.Client?.Socket.Descriptor ?? 0,
                .. Tracked(server.Parameters, context), null, null, null,
            ]);
        }
    }

    private static object?[] Address(IPEndPoint? remote, int unixPort) => [Words.Address(remote), remote?.Port ?? unixPort];

    /// <summary>As in BackendKeyData, process and secret; of a longer secret its first bytes.</summary>
    private static long Key(ServerIdentity server) =>
        ((long)server.ProcessId << 32) | BinaryPrimitives.ReadUInt32BigEndian(server.CancelKey.Span);

    private static IEnumerable<object?> Tracked(ParameterProfile parameters, AdminContext context) =>
        Shown.Select(name => parameters[context.Registry.Tracked.IndexOf(name)]);
}
