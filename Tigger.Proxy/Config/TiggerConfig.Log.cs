namespace Tigger.Config;

// Settings of the group "Log": PgBouncer's names, meanings and defaults.
public sealed partial record TiggerConfig
{
    /// <summary><c>syslog</c>: Log to syslog.</summary>
    public bool Syslog { get; init; }

    /// <summary><c>syslog_ident</c>: Program name in syslog.</summary>
    public string SyslogIdent { get; init; } = "pgbouncer";

    /// <summary><c>syslog_facility</c>: Syslog facility: auth, authpriv, daemon, user or local0 to local7.</summary>
    public string SyslogFacility { get; init; } = "daemon";

    /// <summary><c>log_connections</c>: Log successful logins.</summary>
    public bool LogConnections { get; init; } = true;

    /// <summary><c>log_disconnections</c>: Log disconnections with their reason.</summary>
    public bool LogDisconnections { get; init; } = true;

    /// <summary><c>log_pooler_errors</c>: Log the errors sent to clients.</summary>
    public bool LogPoolerErrors { get; init; } = true;

    /// <summary><c>log_stats</c>: Log a statistics line every stats_period.</summary>
    public bool LogStats { get; init; } = true;

    /// <summary><c>log_format</c>: Form of log lines.</summary>
    public LogFormat LogFormat { get; init; }

    /// <summary><c>log_repeat_limit</c>: Warnings and errors that differ in numbers only, written in 10 s; 0 = no limit.</summary>
    public int LogRepeatLimit { get; init; } = 100;

    /// <summary><c>query_log_file</c>: Where the transactions of databases with query_log are written; empty = nowhere.</summary>
    public string QueryLogFile { get; init; } = "";

    /// <summary><c>query_log_size</c>: Size at which query_log_file is begun anew, in bytes.</summary>
    public long QueryLogSize { get; init; } = 100 * 1024 * 1024;

    /// <summary><c>query_log_keep</c>: Old files that are kept.</summary>
    public int QueryLogKeep { get; init; } = 5;

    /// <summary><c>query_log_min_duration</c>: Only transactions that take at least so long are written to query_log_file.</summary>
    public TimeSpan QueryLogMinDuration { get; init; }

    /// <summary><c>verbose</c>: Verbosity, 0 to 3.</summary>
    public int Verbose { get; init; }
}
