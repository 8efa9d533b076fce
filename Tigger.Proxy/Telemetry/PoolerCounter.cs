namespace Tigger.Telemetry;

/// <summary>Events counted over the life of the process; SHOW COUNTERS prints them by these names in snake_case.</summary>
public enum PoolerCounter
{
    /// <summary>Connections accepted.</summary>
    ClientAccepted,

    /// <summary>Clients logged in.</summary>
    LoginSucceeded,

    /// <summary>Clients that logged in at the process before this one.</summary>
    ClientTakenOver,

    /// <summary>Clients told why they may not log in: password, limits, parameters, database.</summary>
    LoginRefused,

    /// <summary>Connections that began with something else than PostgreSQL's protocol.</summary>
    StartupInvalid,

    /// <summary>Connections that broke, or were closed by the client, before the end of the login.</summary>
    LoginAbandoned,

    /// <summary><c>client_login_timeout</c> ran out.</summary>
    LoginTimeout,

    /// <summary>Cancel requests with a key of a client of ours.</summary>
    CancelRouted,

    /// <summary>Cancel requests with any other key.</summary>
    CancelUnknown,

    /// <summary>Cancel requests for a client of a peer, which got them.</summary>
    CancelForwarded,

    /// <summary>Cancel requests for a client of a peer that is not configured, did not answer, or was not to be found by going on.</summary>
    CancelNotForwarded,

    /// <summary>Clients disconnected for a message that PostgreSQL would not take either.</summary>
    ClientViolation,

    /// <summary>Servers closed for a message no PostgreSQL sends.</summary>
    ServerViolation,

    /// <summary>Servers closed because their client left, or was disconnected, in the middle of something.</summary>
    ServerAbandoned,

    /// <summary>Servers that closed the connection or broke while a client was linked.</summary>
    ServerLost,

    /// <summary>Logins to PostgreSQL that failed.</summary>
    ServerLoginFailed,

    /// <summary>Servers in whose session a client of transaction or statement pooling has left something; not with <c>dirty_server</c> ignore.</summary>
    ServerDirty,

    /// <summary>Of these, servers that stayed with the client: <c>dirty_server</c> pin.</summary>
    ServerPinned,

    /// <summary>Servers of session pooling replaced for a client with other startup parameters.</summary>
    ServerExchanged,

    /// <summary>Idle servers closed to make room for another pool.</summary>
    ServerEvicted,

    /// <summary>Reloads that put a configuration in force.</summary>
    ReloadSucceeded,

    /// <summary>Reloads that changed nothing, because the configuration has errors.</summary>
    ReloadRefused,

    /// <summary>Transactions written to <c>query_log_file</c>.</summary>
    QueryLogWritten,

    /// <summary>Transactions that should have been written there: no room, no file, or cut off by the end of client or server.</summary>
    QueryLogLost,

    /// <summary>Spans made of transactions.</summary>
    TraceSpan,

    /// <summary>Transactions that could not be looked at for a span.</summary>
    TraceLost,
}
