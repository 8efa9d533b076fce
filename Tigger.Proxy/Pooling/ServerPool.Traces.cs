using System.Text;
using Microsoft.Extensions.Logging;
using Tigger.Config;
using Tigger.Protocol;
using Tigger.Telemetry;

namespace Tigger.Pooling;

/// <summary>What becomes of servers whose session a client has changed, where clients share servers.</summary>
public sealed partial class ServerPool
{
    private int _hasWarned;
    private string? _sessionQuestion;

    /// <summary>
    /// Returns a row if the session is not as a login leaves it. Custom parameters, such as myapp.user, are in no view of
    /// PostgreSQL's: a SET is therefore believed, and this is asked for everything else.
    /// </summary>
    internal string SessionQuestion => _sessionQuestion ??= AskAboutSession();

    /// <summary>Counts a server whose session was changed; the pool's first one is logged.</summary>
    internal void NoteDirty(ServerConnection server)
    {
        server.Traces.IsNoted = true;
        Registry.Counters.Count(PoolerCounter.ServerDirty);
        if (_settings.Effective.DirtyServer == DirtyServerMode.Warn && Interlocked.Exchange(ref _hasWarned, 1) == 0)
        {
            LogDirty(Logger, server.Id, Name, server.Traces.Found);
        }
    }

    /// <summary>What a server has to run before somebody else gets it; null: nothing.</summary>
    private string? QueryToClean(ServerConnection server) =>
        server.NeedsReset && _settings.ResetQuery is { } query ? query
            : server.Traces.Found != SessionTrace.None ? _settings.CleaningQuery
            : null;

    private string AskAboutSession()
    {
        StringBuilder tracked = new();
        foreach (string name in Tracked.Names)
        {
            tracked.Append(tracked.Length == 0 ? "" : ", ").Append(SqlLiteral.Quote(name.ToLowerInvariant()));
        }

        return $"""
            SELECT WHERE session_user <> {SqlLiteral.Quote(User.Name)} OR pg_catalog.current_setting('role') <> 'none'
            OR EXISTS (SELECT FROM pg_catalog.pg_settings WHERE source = 'session' AND pg_catalog.lower(name) NOT IN ({tracked}))
            OR EXISTS (SELECT FROM pg_catalog.pg_prepared_statements WHERE from_sql)
            OR EXISTS (SELECT FROM pg_catalog.pg_listening_channels())
            OR EXISTS (SELECT FROM pg_catalog.pg_cursors WHERE is_holdable)
            OR EXISTS (SELECT FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND pid = pg_catalog.pg_backend_pid())
            OR EXISTS (SELECT FROM pg_catalog.pg_class WHERE relnamespace = pg_catalog.pg_my_temp_schema())
            """;
    }

    [LoggerMessage(4006, LogLevel.Warning,
        "S-{Server}: {Pool}: a client left session state behind ({What}), which others will meet; see dirty_server. This is said once per pool")]
    private static partial void LogDirty(ILogger logger, long server, string pool, SessionTrace what);
}
