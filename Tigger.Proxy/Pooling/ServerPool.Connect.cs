using Microsoft.Extensions.Logging;
using Tigger.Net;
using Tigger.Protocol;
using Tigger.Sessions;
using Tigger.Telemetry;

namespace Tigger.Pooling;

/// <summary>When a pool opens servers, and what it does when it cannot.</summary>
public sealed partial class ServerPool
{
    /// <summary>Logins to PostgreSQL in progress at once per pool: enough to fill a pool fast, few enough not to storm it.</summary>
    private const int MaximumConcurrentLogins = 8;

    private TaskCompletionSource<Welcome> _welcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Welcome? _lastWelcome;
    private int _awaitingWelcome;
    private int _connecting;
    private int _failures;
    private long _retryAt;
    private ServerLoginException? _lastFailure;

    /// <summary>
    /// The error for a client when logins to PostgreSQL have been failing and no server lives; null when it may wait.
    /// PgBouncer: <c>server_login_retry</c>.
    /// </summary>
    internal ErrorFields? FailFast()
    {
        lock (_lock)
        {
            return _servers.Count == 0 && Clock.GetTimestamp() < _retryAt ? _lastFailure?.Error : null;
        }
    }

    /// <summary>
    /// The same for a client that logs in. As in PgBouncer it gets in where PostgreSQL's greeting is known, and waits for a
    /// PostgreSQL that cannot be reached.
    /// </summary>
    internal ErrorFields? RefuseLogin() => _lastWelcome is null && _lastFailure is not { IsUnreachable: true } ? FailFast() : null;

    /// <summary>The text for a client that is refused by <see cref="FailFast"/>; monitoring matches on it.</summary>
    internal static string FailFastText(ErrorFields failure) =>
        $"server login has been failing, cached error: {failure.Message} (server_login_retry)";

    /// <summary>
    /// What PostgreSQL tells a new session (its parameters), from the server this pool has logged in last; opens one if there
    /// has been none yet, and waits as long as PostgreSQL cannot be reached.
    /// </summary>
    /// <exception cref="ServerLoginException">PostgreSQL refused the login.</exception>
    internal async Task<Welcome> WelcomeAsync(CancellationToken cancellation)
    {
        if (_lastWelcome is { } known)
        {
            return known;
        }

        Task<Welcome> welcome;
        lock (_lock)
        {
            welcome = _welcome.Task;
            _awaitingWelcome++;
        }

        try
        {
            EnsureServers();
            return await welcome.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _awaitingWelcome);
        }
    }

    /// <summary>Opens as many servers as waiting clients and the limits ask for. Any lock may be held but the pool's.</summary>
    internal void EnsureServers()
    {
        while (ReserveConnection(useReserve: false))
        {
            StartConnector();
        }
    }

    /// <summary>A server of the reserve for clients that have waited too long.</summary>
    private void UseReserve()
    {
        if (ReserveConnection(useReserve: true))
        {
            LogReserve(Logger, Name);
            StartConnector();
        }
    }

    private bool ReserveConnection(bool useReserve)
    {
        bool mayEvict;
        lock (_lock)
        {
            if (!WantsAnother(useReserve))
            {
                return false;
            }

            // Filling up to min_pool_size is no reason to take a server from another pool, which would take it back.
            mayEvict = Queue.WaitingCount > 0 || _awaitingWelcome > 0 || _authQueries.Count > 0;
            _connecting++;
            TellKernelOfServers();
        }

        if (Registry.Limits.TryAdd(this) || (mayEvict && Registry.EvictFor(this) && Registry.Limits.TryAdd(this)))
        {
            return true;
        }

        lock (_lock)
        {
            _connecting--;
        }

        return false;
    }

    /// <summary>Servers of all kinds, open or being opened. The lock is held.</summary>
    private int OpenServers => _servers.Count + _connecting + _replicationServers;

    /// <summary>Whether the pool has room for one more, and now is the time. The lock is held.</summary>
    private bool MayOpen(bool useReserve) =>
        !_retired && !IsPaused && !Registry.IsShuttingDown && _connecting < MaximumConcurrentLogins
        && OpenServers < (useReserve ? _settings.LargestSize : _settings.PoolSize)
        && (_lastFailure is null || Clock.GetTimestamp() >= _retryAt);

    private bool WantsAnother(bool useReserve)
    {
        if (!MayOpen(useReserve))
        {
            return false;
        }

        // Servers that will be idle or lent in a moment: opening more for those who wait would be one too many. Counted before
        // those who wait: what happens in between then makes us open too few rather than too many, and the janitor looks again.
        int coming = _connecting - _exchanging + _servers.Count(server => server.State is ServerState.Tested or ServerState.InTransit);
        int wanted = Queue.WaitingCount + _authQueries.Count + (_welcome.Task.IsCompleted ? 0 : Math.Min(_awaitingWelcome, 1));
        return wanted > coming || (OpenServers < _settings.Effective.MinPoolSize && (HasClients || _settings.Database.User is not null));
    }

    private void StartConnector() => _ = Task.Run(async () =>
    {
        ServerConnection? server = null;
        try
        {
            server = await Registry.Connector.ConnectAsync(this, null);
        }
        catch (ServerLoginException refusal)
        {
            OnLoginFailed(refusal);
        }

        if (server is not null)
        {
            OnLoggedIn(server);
        }
    });

    /// <param name="server">New, and nobody's yet.</param>
    /// <param name="client">The client it was opened for; null: the next in line.</param>
    private void OnLoggedIn(ServerConnection server, ClientSession? client = null)
    {
        lock (_lock)
        {
            _connecting--;
            if (!_pathChosen)
            {
                ChoosePath(server);
            }

            _servers.Add(server);
            TellKernelOfServers();
            _failures = 0;
            _lastFailure = null;
        }

        if (server.Startup is null)
        {
            Welcome welcome = new(server.Greeting, server.Parameters);
            _lastWelcome = welcome;
            _welcome.TrySetResult(welcome);
        }

        EnsureServers();

        // What it said right behind its login, or that it closed, may have been told to the login, and the edge does not come again.
        server.OnReady(SocketEvents.Readable);
        if (HasRemoteServers && client is null)
        {
            server.TryEnter();
            server.OnReady(SocketEvents.Readable);
        }

        server.LimitUnread();
        if (client is null)
        {
            HandOn(server);
        }
        else
        {
            GiveTo(client, server);
        }
    }

    private void OnLoginFailed(ServerLoginException refusal)
    {
        TaskCompletionSource<Welcome>? failed = null;
        bool isDown;
        lock (_lock)
        {
            _connecting--;
            isDown = _servers.Count == 0;
            _lastFailure = refusal;
            _retryAt = BackOff.Until(Clock, _failures++, _settings.Global.ServerLoginRetry);
            if (!refusal.IsUnreachable && !_welcome.Task.IsCompleted)
            {
                failed = _welcome;
                _welcome = new TaskCompletionSource<Welcome>(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        Registry.Limits.Remove(this);
        Registry.Counters.Count(PoolerCounter.ServerLoginFailed);
        LogLoginFailed(Logger, Name, refusal.Message);
        if (failed is not null && failed.TrySetException(refusal))
        {
            // Nobody may be waiting for it: then the failure is still no unobserved one.
            _ = failed.Task.Exception;
        }

        if (isDown)
        {
            FailAuthQueries(refusal.Message);
        }

        Registry.ServerBecameFree();
    }

    [LoggerMessage(4001, LogLevel.Information, "{Pool}: taking connection from reserve_pool")]
    private static partial void LogReserve(ILogger logger, string pool);

    [LoggerMessage(4002, LogLevel.Warning, "{Pool}: server login failed: {Reason}")]
    private static partial void LogLoginFailed(ILogger logger, string pool, string reason);
}
