using static Tigger.Config.SettingFactory<Tigger.Config.TiggerConfig>;

namespace Tigger.Config;

/// <summary>The table entries of the group "Health and timeouts".</summary>
internal static class TimeoutSettings
{
    public static IReadOnlyList<Setting<TiggerConfig>> Entries { get; } =
    [
        Text("server_reset_query", "DISCARD ALL", c => c.ServerResetQuery, (c, v) => c with { ServerResetQuery = v }, "Query that cleans a server when a session-mode client lets it go; empty = none."),
        Flag("server_reset_query_always", "0", c => c.ServerResetQueryAlways, (c, v) => c with { ServerResetQueryAlways = v }, "Run server_reset_query in the other pool modes too."),
        Seconds("server_check_delay", "30", c => c.ServerCheckDelay, (c, v) => c with { ServerCheckDelay = v }, "Idle time after which a server is checked before reuse; 0 = always check."),
        Text("server_check_query", "<empty>", c => c.ServerCheckQuery, (c, v) => c with { ServerCheckQuery = v }, "Query that checks a server; <empty> = the empty query, nothing = no check."),
        Flag("server_fast_close", "0", c => c.ServerFastClose, (c, v) => c with { ServerFastClose = v }, "In session mode, close a server marked for closing at transaction end, not at session end."),
        Seconds("server_lifetime", "3600", c => c.ServerLifetime, (c, v) => c with { ServerLifetime = v }, "Age at which an unused server is closed; 0 = use once."),
        Seconds("server_idle_timeout", "600", c => c.ServerIdleTimeout, (c, v) => c with { ServerIdleTimeout = v }, "Idle time after which a server is closed; 0 = never."),
        Seconds("server_connect_timeout", "15", c => c.ServerConnectTimeout, (c, v) => c with { ServerConnectTimeout = v }, "Time allowed to connect and log in to a server."),
        Seconds("server_login_retry", "15", c => c.ServerLoginRetry, (c, v) => c with { ServerLoginRetry = v }, "Pause after a failed connect or login to a server."),
        Seconds("client_login_timeout", "60", c => c.ClientLoginTimeout, (c, v) => c with { ClientLoginTimeout = v }, "Time allowed for a client to log in; 0 = no limit."),
        Seconds("autodb_idle_timeout", "3600", c => c.AutodbIdleTimeout, (c, v) => c with { AutodbIdleTimeout = v }, "Idle time after which a database made from * is forgotten."),
        Seconds("pool_idle_timeout", "0", c => c.PoolIdleTimeout, (c, v) => c with { PoolIdleTimeout = v }, "Time after which an empty pool is freed; 0 = never."),
        Seconds("dns_max_ttl", "15", c => c.DnsMaxTtl, (c, v) => c with { DnsMaxTtl = v }, "How long a resolved host name is kept."),
        Seconds("dns_nxdomain_ttl", "15", c => c.DnsNxdomainTtl, (c, v) => c with { DnsNxdomainTtl = v }, "How long a failed host name lookup is kept."),
        Seconds("dns_zone_check_period", "0", c => c.DnsZoneCheckPeriod, (c, v) => c with { DnsZoneCheckPeriod = v }, "Interval at which host names are looked up again without a new connection; 0 = off."),
        File("resolv_conf", "", c => c.ResolvConf, (c, v) => c with { ResolvConf = v }, "Alternative resolv.conf; empty = the system's.").NeedsRestart(),
        WholeSecondsOrZero("query_wait_notify", "5", c => c.QueryWaitNotify, (c, v) => c with { QueryWaitNotify = v }, "Time in the queue after which a client gets a notice; 0 = none."),
        Text("login_notify_message", "", c => c.LoginNotifyMessage, (c, v) => c with { LoginNotifyMessage = v }, "Notice sent to a client after login; empty = none."),
        Seconds("query_timeout", "0", c => c.QueryTimeout, (c, v) => c with { QueryTimeout = v }, "Longest running time of a query before it is cancelled; 0 = no limit."),
        Seconds("query_wait_timeout", "120", c => c.QueryWaitTimeout, (c, v) => c with { QueryWaitTimeout = v }, "Longest time a client waits for a server; 0 = no limit."),
        Seconds("cancel_wait_timeout", "10", c => c.CancelWaitTimeout, (c, v) => c with { CancelWaitTimeout = v }, "Longest time a cancel request waits to be forwarded; 0 = no limit."),
        Seconds("client_idle_timeout", "0", c => c.ClientIdleTimeout, (c, v) => c with { ClientIdleTimeout = v }, "Idle time after which a client is closed; 0 = never."),
        Seconds("idle_transaction_timeout", "0", c => c.IdleTransactionTimeout, (c, v) => c with { IdleTransactionTimeout = v }, "Idle time inside a transaction after which a client is closed; 0 = never."),
        Seconds("transaction_timeout", "0", c => c.TransactionTimeout, (c, v) => c with { TransactionTimeout = v }, "Longest transaction before the client is closed; 0 = no limit."),
        Seconds("suspend_timeout", "10", c => c.SuspendTimeout, (c, v) => c with { SuspendTimeout = v }, "Time allowed to flush buffers during SUSPEND or -R."),
        Seconds("drain_timeout", "0", c => c.DrainTimeout, (c, v) => c with { DrainTimeout = v }, "With SIGTERM: clients are closed (57P01) after their transaction, the last after this time; 0 = wait until all have left, as PgBouncer does. With -R: clients that cannot go over by then are closed; 0 = wait for them.").OwnToTigger(),
    ];
}
