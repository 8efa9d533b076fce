namespace Tigger.Config;

// Settings of the group "Health and timeouts": PgBouncer's names, meanings and defaults.
public sealed partial record TiggerConfig
{
    /// <summary><c>server_reset_query</c>: Query that cleans a server when a session-mode client lets it go; empty = none.</summary>
    public string ServerResetQuery { get; init; } = "DISCARD ALL";

    /// <summary><c>server_reset_query_always</c>: Run server_reset_query in the other pool modes too.</summary>
    public bool ServerResetQueryAlways { get; init; }

    /// <summary><c>server_check_delay</c>: Idle time after which a server is checked before reuse; 0 = always check. In seconds.</summary>
    public TimeSpan ServerCheckDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>server_check_query</c>: Query that checks a server; &lt;empty&gt; = the empty query, nothing = no check.</summary>
    public string ServerCheckQuery { get; init; } = "<empty>";

    /// <summary><c>server_fast_close</c>: In session mode, close a server marked for closing at transaction end, not at session end.</summary>
    public bool ServerFastClose { get; init; }

    /// <summary><c>server_lifetime</c>: Age at which an unused server is closed; 0 = use once. In seconds.</summary>
    public TimeSpan ServerLifetime { get; init; } = TimeSpan.FromSeconds(3600);

    /// <summary><c>server_idle_timeout</c>: Idle time after which a server is closed; 0 = never. In seconds.</summary>
    public TimeSpan ServerIdleTimeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary><c>server_connect_timeout</c>: Time allowed to connect and log in to a server. In seconds.</summary>
    public TimeSpan ServerConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary><c>server_login_retry</c>: Pause after a failed connect or login to a server. In seconds.</summary>
    public TimeSpan ServerLoginRetry { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary><c>client_login_timeout</c>: Time allowed for a client to log in; 0 = no limit. In seconds.</summary>
    public TimeSpan ClientLoginTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>autodb_idle_timeout</c>: Idle time after which a database made from * is forgotten. In seconds.</summary>
    public TimeSpan AutodbIdleTimeout { get; init; } = TimeSpan.FromSeconds(3600);

    /// <summary><c>pool_idle_timeout</c>: Time after which an empty pool is freed; 0 = never. In seconds.</summary>
    public TimeSpan PoolIdleTimeout { get; init; }

    /// <summary><c>dns_max_ttl</c>: How long a resolved host name is kept. In seconds.</summary>
    public TimeSpan DnsMaxTtl { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary><c>dns_nxdomain_ttl</c>: How long a failed host name lookup is kept. In seconds.</summary>
    public TimeSpan DnsNxdomainTtl { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary><c>dns_zone_check_period</c>: Interval at which host names are looked up again without a new connection; 0 = off. In seconds.</summary>
    public TimeSpan DnsZoneCheckPeriod { get; init; }

    /// <summary><c>resolv_conf</c>: Alternative resolv.conf; empty = the system's.</summary>
    public string ResolvConf { get; init; } = "";

    /// <summary><c>query_wait_notify</c>: Time in the queue after which a client gets a notice; 0 = none. In seconds.</summary>
    public TimeSpan QueryWaitNotify { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>login_notify_message</c>: Notice sent to a client after login; empty = none.</summary>
    public string LoginNotifyMessage { get; init; } = "";

    /// <summary><c>query_timeout</c>: Longest running time of a query before it is cancelled; 0 = no limit. In seconds.</summary>
    public TimeSpan QueryTimeout { get; init; }

    /// <summary><c>query_wait_timeout</c>: Longest time a client waits for a server; 0 = no limit. In seconds.</summary>
    public TimeSpan QueryWaitTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary><c>cancel_wait_timeout</c>: Longest time a cancel request waits to be forwarded; 0 = no limit. In seconds.</summary>
    public TimeSpan CancelWaitTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>client_idle_timeout</c>: Idle time after which a client is closed; 0 = never. In seconds.</summary>
    public TimeSpan ClientIdleTimeout { get; init; }

    /// <summary><c>idle_transaction_timeout</c>: Idle time inside a transaction after which a client is closed; 0 = never. In seconds.</summary>
    public TimeSpan IdleTransactionTimeout { get; init; }

    /// <summary><c>transaction_timeout</c>: Longest transaction before the client is closed; 0 = no limit. In seconds.</summary>
    public TimeSpan TransactionTimeout { get; init; }

    /// <summary><c>suspend_timeout</c>: Time allowed to flush buffers during SUSPEND or -R. In seconds.</summary>
    public TimeSpan SuspendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>drain_timeout</c>: With SIGTERM: clients are closed (57P01) after their transaction, the last after this time; 0 = wait until all have left, as PgBouncer does. In seconds.</summary>
    public TimeSpan DrainTimeout { get; init; }
}
