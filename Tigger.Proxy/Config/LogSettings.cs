using static Tigger.Config.SettingFactory<Tigger.Config.TiggerConfig>;

namespace Tigger.Config;

/// <summary>The table entries of the group "Log".</summary>
internal static class LogSettings
{
    public static IReadOnlyList<Setting<TiggerConfig>> Entries { get; } =
    [
        Flag("syslog", "0", c => c.Syslog, (c, v) => c with { Syslog = v }, "Log to syslog."),
        Text("syslog_ident", "pgbouncer", c => c.SyslogIdent, (c, v) => c with { SyslogIdent = v }, "Program name in syslog."),
        Choice("syslog_facility", "daemon", Choices.SyslogFacilities, c => c.SyslogFacility, (c, v) => c with { SyslogFacility = v }, "Syslog facility: auth, authpriv, daemon, user or local0 to local7."),
        Flag("log_connections", "1", c => c.LogConnections, (c, v) => c with { LogConnections = v }, "Log successful logins."),
        Flag("log_disconnections", "1", c => c.LogDisconnections, (c, v) => c with { LogDisconnections = v }, "Log disconnections with their reason."),
        Flag("log_pooler_errors", "1", c => c.LogPoolerErrors, (c, v) => c with { LogPoolerErrors = v }, "Log the errors sent to clients."),
        Flag("log_stats", "1", c => c.LogStats, (c, v) => c with { LogStats = v }, "Log a statistics line every stats_period."),
        Choice("log_format", "text", Choices.LogFormats, c => c.LogFormat, (c, v) => c with { LogFormat = v }, "Form of log lines: text, as PgBouncer writes them, or json, one object a line.").OwnToTigger(),
        Int("log_repeat_limit", "100", c => c.LogRepeatLimit, (c, v) => c with { LogRepeatLimit = v }, "Warnings and errors that differ in numbers only, written in 10 s; the rest is counted in one line; 0 = no limit.").OwnToTigger(),
        Path("query_log_file", "", c => c.QueryLogFile, (c, v) => c with { QueryLogFile = v }, "File that the transactions of databases with query_log are written to, one JSON object a line; empty = none.").OwnToTigger(),
        Size("query_log_size", "104857600", 65536, long.MaxValue, c => c.QueryLogSize, (c, v) => c with { QueryLogSize = v }, "Size at which query_log_file is renamed to .1, .1 to .2 and so on, and begun anew.").OwnToTigger(),
        Int("query_log_keep", "5", 0, 1000, c => c.QueryLogKeep, (c, v) => c with { QueryLogKeep = v }, "Old files that are kept; 0 = none.").OwnToTigger(),
        Milliseconds("query_log_min_duration", "0", c => c.QueryLogMinDuration, (c, v) => c with { QueryLogMinDuration = v }, "Only transactions that take at least so long are written to query_log_file.").OwnToTigger(),
        Int("verbose", "0", 0, 3, c => c.Verbose, (c, v) => c with { Verbose = v }, "Verbosity, 0 to 3."),
    ];
}
