using Tigger.Auth;
using Tigger.Auth.Hba;
using Tigger.Config;
using Tigger.Net;
using Tigger.Pooling;
using Tigger.Protocol;
using Tigger.Telemetry;

namespace Tigger.Sessions;

/// <summary>
/// The login of one client, on the thread pool: startup packet (<c>.Startup</c>), proof of identity
/// (<see cref="ClientAuthenticator"/>), then either a <see cref="ClientSession"/> on the loops or the admin console.
/// </summary>
public sealed partial class ClientLogin(SessionServices services, ClientConnection client)
{
    private static readonly TimeSpan GoodbyeTime = TimeSpan.FromSeconds(1);

    private AuthMethod? _method;
    private bool _isTimeOut;

    private MessageStream Stream => client.Stream;

    private TiggerConfig Config => services.Config;

    /// <summary>Runs the login to its end; never throws.</summary>
    public async Task RunAsync()
    {
        bool handedOver = false;
        try
        {
            handedOver = await RunWithinTimeoutAsync();
            if (handedOver)
            {
                Count(PoolerCounter.LoginSucceeded, LoginOutcome.Succeeded);
            }
        }
        catch (LoginException refusal)
        {
            Count(PoolerCounter.LoginRefused, _isTimeOut ? LoginOutcome.Timeout : LoginOutcome.Refused);
            await RefuseAsync(refusal.SqlState, refusal.Message);
        }
        catch (InvalidDataException fault)
        {
            Count(PoolerCounter.StartupInvalid, LoginOutcome.Invalid);
            await RefuseAsync(SqlStates.ProtocolViolation, fault.Message);
        }
        catch (IOException fault)
        {
            Count(PoolerCounter.LoginAbandoned, LoginOutcome.Abandoned);
            LogClosing(fault.Message);
        }
#pragma warning disable CA1031 // A fault in one login must not be lost, nor end more than this login.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogUnhandled(services.Logger, fault, client.Id);
        }
        finally
        {
            if (!handedOver)
            {
                Stream.Connection.Transport.Close();
            }

            services.Sessions.LoginEnded(handedOver);
        }
    }

    /// <summary>True when a session has taken the connection over; false when it may be closed.</summary>
    private async Task<bool> RunWithinTimeoutAsync()
    {
        using CancellationTokenSource deadline = new();
        if (Config.ClientLoginTimeout > TimeSpan.Zero)
        {
            deadline.CancelAfter(Config.ClientLoginTimeout);
        }

        bool waitsForServer = false;
        try
        {
            if (await ReadStartupAsync(deadline.Token) is not { } startup)
            {
                return false;
            }

            StartupRequest request = StartupRequest.From(startup, Config, services.Registry.Tracked);
            LogAttempt(services.Logger, client.Id, client.Address, request.Database, request.User, client.Encryption?.Description ?? "no");
            bool isAdmin = IsAdminDatabase(request.Database);
            if (!isAdmin && services.Sessions.ConnectionCount > Config.MaxClientConn)
            {
                throw new LoginException("no more connections allowed (max_client_conn)");
            }

            if (isAdmin && IsOwner(request.User))
            {
                deadline.CancelAfter(Timeout.InfiniteTimeSpan);
                LogOwner(services.Logger, client.Id);
                await ServeAdminAsync(request.User, AdminLevel.Admin);
                return false;
            }

            AuthType authType = Config.AuthType;
            ProvedUser user = await AuthenticateAsync(authType, request, deadline.Token);
            request = request with { User = user.Name };
            if (isAdmin)
            {
                deadline.CancelAfter(Timeout.InfiniteTimeSpan);
                await ServeAdminAsync(request.User, AdminLoginRules.For(Config, request.User, authType));
                return false;
            }

            waitsForServer = true;
            await StartSessionAsync(request, user.Learnt, deadline.Token);
            return true;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            services.Registry.Counters.Count(PoolerCounter.LoginTimeout);
            _isTimeOut = true;
            throw new LoginException(waitsForServer ? "client_login_timeout (server down)" : "client_login_timeout");
        }
    }

    private void Count(PoolerCounter counter, LoginOutcome outcome)
    {
        services.Registry.Counters.Count(counter);
        services.Registry.Counters.Logins.Count(_method, outcome);
    }

    internal static bool IsAdminDatabase(string name) => name is Limits.AdminDatabase or "tigger";

    /// <summary>As in PgBouncer, who runs the process may use its console through a unix socket under the console's own name.</summary>
    private bool IsOwner(string user) =>
        user == Limits.AdminDatabase && client.Remote is null && UnixPeer.IsOwnUser(Stream.Connection.Socket.Descriptor);

    private async Task<ProvedUser> AuthenticateAsync(AuthType type, StartupRequest request, CancellationToken cancellation)
    {
        // Logical replication is a connection to its database, as PostgreSQL's rules see it.
        bool isPhysical = request.Replication is { Mode: ReplicationMode.Physical };
        HbaRequest login = new(client.Remote?.Address, client.IsEncrypted, isPhysical, request.Database, request.User);
        LoginRule rule = LoginRule.For(type, services.Credentials(), login);
        _method = rule.Method;
        ClientAuthenticator authenticator = new(services, client, request.Database, request.User, cancellation);
        try
        {
            return await authenticator.AuthenticateAsync(rule);
        }
        catch (LoginException) when (Config.LogConnections)
        {
            LogLoginFailed(services.Logger, client.Id, client.Address, request.Database, request.User);
            throw;
        }
    }

    private async Task ServeAdminAsync(string user, AdminLevel level)
    {
        if (level == AdminLevel.None)
        {
            throw new LoginException("not allowed");
        }

        await Stream.SendAsync(AuthenticationRequest.Build(AuthenticationRequest.Ok), CancellationToken.None);
        await services.ServeAdmin(client, user, level, CancellationToken.None);
    }

    private async Task StartSessionAsync(StartupRequest request, LearntLogin? learnt, CancellationToken cancellation)
    {
        DatabaseState database = FindDatabase(request);
        UserState user = services.Registry.GetUser(request.User);
        EffectiveSettings limits = EffectiveSettings.For(Config, database.Config, Config.Users.GetValueOrDefault(request.User));
        if (!database.TryAddClient(limits.MaxDbClientConnections))
        {
            throw new LoginException("client connections exceeded (max_db_client_connections)");
        }

        bool userCounted = false;
        bool started = false;
        try
        {
            userCounted = user.TryAddClient(limits.MaxUserClientConnections);
            if (!userCounted)
            {
                throw new LoginException("client connections exceeded (max_user_client_connections)");
            }

            ServerPool pool = services.Registry.GetPool(database, request.User);
            if (pool.User.Name == request.User)
            {
                pool.Learn(learnt);
            }

            if (request.Replication is { } replication)
            {
                await StartReplicationAsync(request, replication, pool, database, user, cancellation);
            }
            else
            {
                Welcome welcome = await WelcomeAsync(pool, cancellation);
                SessionStartup startup = new(WithHost(request), request.Others);
                SessionLogin login = CreateLogin(request, pool, database, user, startup, welcome);
                await SendWelcomeAsync(login, welcome, cancellation);
                Start(login);
            }

            started = true;
        }
        finally
        {
            if (!started)
            {
                database.RemoveClient();
                if (userCounted)
                {
                    user.RemoveClient();
                }
            }
        }
    }

    private DatabaseState FindDatabase(StartupRequest request)
    {
        if (services.Registry.IsStopping)
        {
            throw new LoginException(SqlStates.AdminShutdown, "pooler is shutting down");
        }

        // Only now, behind the password: the names of databases are nobody else's business.
        DatabaseState database = services.Registry.FindDatabase(request.Database)
            ?? throw new LoginException(SqlStates.UnknownDatabase, $"no such database: {request.Database}");
        if (Config.AuthType == AuthType.Any && database.Config.User is null)
        {
            throw new LoginException("auth_type=any requires forced user");
        }

        return database.IsDisabled
            ? throw new LoginException($"database does not allow connections: {request.Database}")
            : database;
    }

    private static async Task<Welcome> WelcomeAsync(ServerPool pool, CancellationToken cancellation)
    {
        if (pool.RefuseLogin() is { } failure)
        {
            throw new LoginException(failure.SqlState, ServerPool.FailFastText(failure));
        }

        using CancellationTokenSource wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (pool.Settings.Effective.QueryWaitTimeout is var longest && longest > TimeSpan.Zero)
        {
            wait.CancelAfter(longest);
        }

        try
        {
            return await pool.WelcomeAsync(wait.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new LoginException(SessionEndReason.QueryWaitTimeout.SqlState, SessionEndReason.QueryWaitTimeout.Text);
        }
        catch (ServerLoginException refusal)
        {
            throw new LoginException(refusal.Error.SqlState, refusal.Error.Message);
        }
    }

    private ParameterProfile WithHost(StartupRequest request) => Config.ApplicationNameAddHost
        ? request.Parameters.With(
            services.Registry.Tracked.IndexOf("application_name"), $"{request.ApplicationName} - {client.Address}".TrimStart(' ', '-'))
        : request.Parameters;

    private SessionLogin CreateLogin(
        StartupRequest request, ServerPool pool, DatabaseState database, UserState user, SessionStartup startup, Welcome welcome) => new()
        {
            Id = client.Id,
            Table = services.Sessions,
            Pool = pool,
            Database = database,
            User = user,
            Remote = client.Remote,
            Local = client.Local,
            Parameters = startup.Asked.FilledFrom(welcome.Profile),
            Startup = startup,
            ApplicationName = request.ApplicationName,
            Replication = request.Replication?.Mode ?? ReplicationMode.None,
            CancelKey = CancelKey.Create(Config.PeerId),
            Tls = client.Encryption?.Description ?? "",
            ConnectedAt = client.ConnectedAt,
            ConnectedTime = services.Clock.GetUtcNow() - services.Clock.GetElapsedTime(client.ConnectedAt),
        };

    /// <summary>Everything PostgreSQL itself would say at this point, with the client's own parameters where it has any.</summary>
    private async Task SendWelcomeAsync(SessionLogin login, Welcome welcome, CancellationToken cancellation)
    {
        MessageWriter writer = new();
        writer.Bytes(AuthenticationRequest.Build(AuthenticationRequest.Ok));
        foreach ((string name, string value) in welcome.Parameters)
        {
            int index = services.Registry.Tracked.IndexOf(name);
            string? asked = login.Startup.Others.LastOrDefault(one => string.Equals(one.Key, name, StringComparison.OrdinalIgnoreCase)).Value;
            ParameterStatus.Write(writer, name, (index >= 0 ? login.Parameters[index] : asked) ?? value);
        }

        writer.Begin(BackendCode.BackendKeyData).Bytes(login.CancelKey.ToBytes()).End();
        if (Config.LoginNotifyMessage.Length > 0)
        {
            writer.Bytes(ErrorResponse.Notice(Config.LoginNotifyMessage));
        }

        writer.Bytes(ReadyForQuery.Build(TransactionStatus.Idle));
        await Stream.SendAsync(writer.ToArray(), cancellation);
    }

    private void Start(SessionLogin login)
    {
        ClientSession session = new(login, Stream.Connection.Socket, Stream.Connection.Transport);
        services.Sessions.Add(session);
        session.Start(Stream.Unread);
    }

    private void LogClosing(string reason) => LogClosing(
        services.Logger, client.Id, client.Address, reason, (int)services.Clock.GetElapsedTime(client.ConnectedAt).TotalSeconds);

    private async Task RefuseAsync(string sqlState, string text)
    {
        services.Registry.Counters.OwnErrors.Count(sqlState);
        if (Config.LogPoolerErrors)
        {
            LogRefused(services.Logger, client.Id, client.Address, text);
        }

        if (Config.LogDisconnections)
        {
            LogClosing(text);
        }

        using CancellationTokenSource deadline = new(GoodbyeTime);
        try
        {
            await Stream.SendAsync(ErrorResponse.Fatal(sqlState, text), deadline.Token);

            // Closing with unread bytes would reset the connection, and the client might lose the reason.
            Stream.Connection.Transport.ShutdownWrite();
            byte[] rest = new byte[1024];
            while (await Stream.Connection.ReceiveAsync(rest, deadline.Token) > 0)
            {
            }
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            // It is being closed anyway.
        }
    }
}
