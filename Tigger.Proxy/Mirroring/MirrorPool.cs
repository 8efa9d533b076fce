using Tigger.Config;
using Tigger.Handover;
using Tigger.Pooling;

namespace Tigger.Mirroring;

/// <summary>
/// The connections of one user to one mirror, and the streams that are ready for one. Streams take turns, a transaction each; in
/// session pooling a stream keeps its connection. No lock is held over I/O.
/// </summary>
internal sealed class MirrorPool
{
    private readonly Lock _lock = new();
    private readonly Mirror _mirror;
    private readonly ServerPool _login;
    private readonly PoolRegistry _registry;
    private readonly Stack<MirrorConnection> _idle = new();
    private readonly Queue<MirrorStream> _ready = new();
    private int _open;

    public MirrorPool(Mirror mirror, PoolRegistry registry, string user)
    {
        _mirror = mirror;
        _registry = registry;
        string account = mirror.Target.User ?? user;
        _login = new ServerPool(
            registry,
            new DatabaseState(mirror.Target.Name, mirror.Target, isAuto: false),
            new UserState(account),
            PoolSettings.From(registry.Config, mirror.Target, account));
    }

    /// <summary>Connections there are or that are being opened.</summary>
    public int Open => Volatile.Read(ref _open);

    public void SettingsChanged(TiggerConfig config) =>
        _login.Settings = PoolSettings.From(config, _mirror.Target, _login.User.Name);

    /// <summary>A stream has something and nobody serves it.</summary>
    public void Serve(MirrorStream stream, MirrorSource source)
    {
        MirrorConnection? connection = null;
        bool hasServer;
        lock (_lock)
        {
            bool isOpen = !source.OwnsServer && _idle.TryPop(out connection);
            hasServer = isOpen || _open < _mirror.Config.PoolSize;
            if (hasServer)
            {
                _open += isOpen ? 0 : 1;
            }
            else if (!source.OwnsServer)
            {
                _ready.Enqueue(stream);
                return;
            }
        }

        if (hasServer)
        {
            _ = Task.Run(() => source.OwnsServer ? ServeAloneAsync(stream, source) : ServeAsync(connection, stream));
        }
        else
        {
            DropAll(stream, MirrorDropReason.NoServer);
        }
    }

    public void CloseUnused(TimeSpan age)
    {
        List<MirrorConnection> unused = [];
        lock (_lock)
        {
            List<MirrorConnection> kept = [];
            foreach (MirrorConnection idle in _idle)
            {
                (idle.IsHungUp || _mirror.Clock.GetElapsedTime(idle.LastUsedAt) >= age ? unused : kept).Add(idle);
            }

            _idle.Clear();
            kept.Reverse();
            kept.ForEach(_idle.Push);
            _open -= unused.Count;
        }

        unused.ForEach(connection => connection.Close());
    }

    /// <summary>One worker: has a connection, or will open one, and serves streams while there are any.</summary>
    private async Task ServeAsync(MirrorConnection? connection, MirrorStream? stream)
    {
        while (stream is not null)
        {
            if (stream.Next() is { } transaction)
            {
                connection = await RunAsync(connection, transaction, null);
            }

            stream = NextOf(stream, connection);
        }
    }

    /// <summary>The stream whose turn it is next; null: none, and the connection is idle, if there is one.</summary>
    private MirrorStream? NextOf(MirrorStream served, MirrorConnection? connection)
    {
        bool isUnwanted;
        lock (_lock)
        {
            if (GoesOn(served))
            {
                _ready.Enqueue(served);
            }

            if (_ready.TryDequeue(out MirrorStream? next))
            {
                return next;
            }

            isUnwanted = _mirror.Stop.IsCancellationRequested || _mirror.WhyNot() == MirrorDropReason.Reconfigured;
            if (connection is null || isUnwanted)
            {
                _open--;
            }
            else
            {
                _idle.Push(connection);
            }
        }

        if (isUnwanted)
        {
            connection?.Close();
        }

        return null;
    }

    /// <summary>Session pooling: one worker and one connection for one client until it leaves.</summary>
    private async Task ServeAloneAsync(MirrorStream stream, MirrorSource source)
    {
        MirrorConnection? connection = null;
        while (true)
        {
            // Looked at first: what comes before the end is seen after it.
            bool hasLeft = stream.HasLeft;
            if (stream.Next() is { } transaction)
            {
                connection = await RunAsync(connection, transaction, source.Startup);
            }
            else if (!hasLeft)
            {
                await stream.MoreAsync(CancellationToken.None);
            }
            else if (!GoesOn(stream))
            {
                break;
            }
        }

        connection?.Close();
        Interlocked.Decrement(ref _open);
    }

    /// <summary>Carries out one transaction. Returns the connection if it can be used again.</summary>
    private async Task<MirrorConnection?> RunAsync(MirrorConnection? connection, MirrorTransaction transaction, SessionStartup? startup)
    {
        if (connection is { IsHungUp: true })
        {
            connection.Close();
            connection = null;
        }

        if (!_mirror.IsWanted(transaction))
        {
            _mirror.Skip(transaction);
            return connection;
        }

        if (_mirror.WhyNot() is { } reason)
        {
            _mirror.Drop(transaction, reason);
            return connection;
        }

        // With other names in it, it is written a second time.
        int copy = transaction.Named.Count > 0 ? transaction.Capacity : 0;
        _mirror.Charge(copy);
        try
        {
            connection ??= await ConnectAsync(startup);
            (MirrorReply reply, long startedAt) = await connection.RunAsync(transaction, _mirror.Stop);
            _mirror.Complete(transaction, reply, startedAt);
        }
        catch (ServerLoginException fault)
        {
            _mirror.NotReached(fault.Error.Message);
            _mirror.Drop(transaction, MirrorDropReason.MirrorDown);
        }
        catch (OperationCanceledException)
        {
            _mirror.Drop(transaction, MirrorDropReason.Reconfigured);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException)
        {
            _mirror.Drop(transaction, MirrorDropReason.MirrorDown);
        }
        finally
        {
            _mirror.Uncharge(copy);
        }

        if (connection is { IsUseless: true })
        {
            connection.Close();
            connection = null;
        }

        return connection;
    }

    private async Task<MirrorConnection> ConnectAsync(SessionStartup? startup)
    {
        ServerConnection server = await _registry.Connector.ConnectAsync(_login, startup);
        KernelReplies? replies = _registry.Kernel?.Mirrors.Enter(server);
        MirrorConnection connection = new(server, replies);
        replies?.Tell(connection);
        _mirror.Reached();
        return connection;
    }

    private void DropAll(MirrorStream stream, MirrorDropReason reason)
    {
        do
        {
            while (stream.Next() is { } transaction)
            {
                _mirror.Drop(transaction, reason);
            }
        }
        while (GoesOn(stream));
    }

    private bool GoesOn(MirrorStream stream)
    {
        if (stream.GoOn())
        {
            return true;
        }

        if (stream.HasLeft)
        {
            _mirror.Forget(stream);
        }

        return false;
    }
}
