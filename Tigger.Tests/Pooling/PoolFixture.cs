using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Tigger.Config;
using Tigger.Net;
using Tigger.Pooling;
using Tigger.Sessions;
using Tigger.Tests.Admin;
using Tigger.Tests.Net;

namespace Tigger.Tests.Pooling;

/// <summary>A pool whose servers and clients are real objects over socket pairs; the test holds the other ends.</summary>
internal sealed class PoolFixture : IDisposable
{
    private readonly ParameterProfile _parameters;

    public PoolFixture()
    {
        _parameters = new ParameterProfile(Registry.Tracked.Names.Count);
        First.Start();
        Second.Start();
        Pool = GetPool("db");
    }

    public ConsoleFixture Console { get; } = new();

    public PoolRegistry Registry => Console.Registry;

    public EventLoop First { get; } = new(1, NullLogger.Instance);

    public EventLoop Second { get; } = new(2, NullLogger.Instance);

    public ServerPool Pool { get; }

    public IServerQueue Queue => Pool.Queue;

    public ServerPool GetPool(string database) => Registry.GetPool(Registry.FindDatabase(database)!, "alice");

    /// <summary>Puts changed settings in force.</summary>
    public void Apply(Func<TiggerConfig, TiggerConfig> change) => Registry.Apply(change(Registry.Config));

    public ServerConnection NewServer(EventLoop? loop = null) => NewServer(out _, loop);

    /// <summary>A server that nobody has yet, and PostgreSQL's end of it.</summary>
    public ServerConnection NewServer(out AsyncSocket postgres, EventLoop? loop = null)
    {
        (LoopSocket socket, postgres) = Pair(loop ?? First);
        ServerIdentity identity = new("127.0.0.1", new IPEndPoint(IPAddress.Loopback, 1), null, null, 1, new byte[4]);
        ServerConnection server = new(Pool, socket, new PlainTransport(socket), identity, _parameters) { Greeting = [] };
        socket.Handler = server;
        return server;
    }

    public ClientSession NewClient(EventLoop? loop = null) => NewClient(out _, loop);

    /// <summary>A client that has not been started, and its own end.</summary>
    public ClientSession NewClient(out AsyncSocket application, EventLoop? loop = null)
    {
        (LoopSocket socket, application) = Pair(loop ?? First);
        SessionLogin login = new()
        {
            Id = Console.Sessions.NextId(),
            Table = Console.Sessions,
            Pool = Pool,
            Database = Pool.Database,
            User = Pool.User,
            Remote = null,
            Local = null,
            Parameters = _parameters,
            Startup = new SessionStartup(_parameters, []),
            ApplicationName = "",
            CancelKey = CancelKey.Create(peerId: 0),
            ConnectedAt = 0,
            ConnectedTime = DateTimeOffset.UnixEpoch,
        };
        return new ClientSession(login, socket, new PlainTransport(socket));
    }

    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
        Console.Dispose();
    }

    private (LoopSocket Ours, AsyncSocket Theirs) Pair(EventLoop loop)
    {
        (AsyncSocket ours, AsyncSocket theirs) = SocketPair.Create(loop, Second);
        return (ours.Socket, theirs);
    }
}
