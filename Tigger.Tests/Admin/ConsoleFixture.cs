using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Tigger.Admin;
using Tigger.Auth;
using Tigger.Config;
using Tigger.Control;
using Tigger.Net;
using Tigger.Pooling;
using Tigger.Sessions;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Admin;

/// <summary>A console over real pools, without listeners and without a PostgreSQL.</summary>
public sealed class ConsoleFixture : IDisposable
{
    private readonly EventLoops _loops = new(1, NullLogger.Instance);
    private readonly int _listener;

    public ConsoleFixture(TimeProvider? clock = null)
    {
        clock ??= TimeProvider.System;
        TiggerConfig config = new()
        {
            Databases = new Dictionary<string, DatabaseConfig> { ["db"] = new() { Name = "db", Host = ["127.0.0.1"] } },
            FallbackDatabase = new DatabaseConfig { Name = "*", Host = ["127.0.0.1"] },
        };
        CredentialStore credentials = new(new Dictionary<string, UserSecret>(), 4096);
        ServerConnector connector = new(_loops, () => credentials, NullLogger.Instance);
        Registry = new PoolRegistry(config, connector, clock, NullLogger.Instance);
        Sessions = new SessionTable(NullLogger.Instance);
        Sampler = new StatsSampler(Registry, Sessions, clock, NullLogger.Instance);
        Control = new PoolerControl(Registry, Sessions, clock, NullLogger.Instance, () => Stops++);
        Context = new AdminContext(Control, Registry, Sessions, Sampler, clock, NullLogger.Instance)
        {
            Reload = () => Faults,
            Apply = changed =>
            {
                Registry.Apply(changed);
                return null;
            },
            Peers = new PeerTable(Registry, connector, NullLogger.Instance),
        };
        _loops.Start();
        _listener = SocketFactory.Listen(new IPEndPoint(IPAddress.Loopback, 0), 1, false, 0);
    }

    public PoolRegistry Registry { get; }

    public SessionTable Sessions { get; }

    public StatsSampler Sampler { get; }

    public PoolerControl Control { get; }

    public AdminContext Context { get; }

    /// <summary>What a RELOAD finds.</summary>
    public IReadOnlyList<ConfigFault> Faults { get; set; } = [];

    /// <summary>How often the listeners were told to close.</summary>
    public int Stops { get; private set; }

    /// <summary>Counts a server in that never goes away by itself: for commands that wait for the last.</summary>
    public void HoldServer(string database = "db") =>
        Assert.True(Registry.Limits.TryAdd(Registry.GetPool(Registry.FindDatabase(database)!, "alice")));

    public void ReleaseServer(string database = "db") =>
        Registry.Limits.Remove(Registry.GetPool(Registry.FindDatabase(database)!, "alice"));

    /// <summary>The outcome of one statement of an administrator.</summary>
    public Task<AdminOutcome> RunAsync(string statement, AdminLevel level = AdminLevel.Admin) =>
        new AdminCommands(Context, level).RunAsync(AdminCommandParser.Parse(statement), CancellationToken.None);

    /// <summary>A client greeted by the console, and the task that serves it.</summary>
    public async Task<(RawClient Client, AdminSession Session, Task Served)> ConnectAsync()
    {
        IPEndPoint address = (IPEndPoint)SocketFactory.LocalAddress(_listener, AddressFamily.InterNetwork)!;
        RawClient client = await RawClient.ConnectTcpAsync($"{address.Address}", address.Port);
        int descriptor = SocketFactory.Accept(_listener, AddressFamily.InterNetwork, out EndPoint? peer);
        Assert.True(descriptor >= 0);
        MessageStream stream = new(new AsyncSocket(_loops.Next(), descriptor));
        ClientConnection connection = new(Sessions.NextId(), stream, peer as IPEndPoint, address, Context.Clock.GetTimestamp());
        AdminSession session = new(Context, connection, "root", AdminLevel.Admin);
        Task served = ServeAsync();
        (await client.ReadReplyAsync()).Succeeded();
        return (client, session, served);

        async Task ServeAsync()
        {
            try
            {
                await session.RunAsync(CancellationToken.None);
            }
            finally
            {
                stream.Connection.Socket.Close();
            }
        }
    }

    public void Dispose()
    {
        SocketFactory.Close(_listener);
        _loops.Dispose();
    }
}
