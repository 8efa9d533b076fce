using System.Diagnostics;
using System.Text;
using Tigger.Config;
using Tigger.Mirroring;
using Tigger.Telemetry.Transactions;

namespace Tigger.Telemetry.Traces;

/// <summary>
/// Makes spans of a database's transactions, with the attributes of OpenTelemetry's semantic conventions for databases
/// (https://opentelemetry.io/docs/specs/semconv/database/postgresql/).
/// </summary>
internal sealed class TraceObserver(TraceSource source, ObserverQueue queue, DatabaseConfig database, TimeProvider clock)
    : TransactionObserver(queue, database)
{
    public override bool Wants(MirrorSource client) => source.IsExported;

    public override void Observe(MirrorTransaction transaction)
    {
        SqlTexts texts = new(transaction);
        ReadOnlySpan<byte> first = texts.MoveNext() ? texts.Current : default;
        bool isTaken = TraceParent.TryFind(first, out ActivityContext parent)
            ? parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
            : Sampling.Takes(unchecked((transaction.Source.Client << 32) + transaction.Sequence), Database.TraceSample);
        if (isTaken)
        {
            Trace(transaction, first, parent);
        }
    }

    public override void Drop(MirrorSource client, MirrorDropReason reason) => source.Counters.Count(PoolerCounter.TraceLost);

    private void Trace(MirrorTransaction transaction, ReadOnlySpan<byte> first, ActivityContext parent)
    {
        TransactionOutcome outcome = transaction.Outcome;
        string operation = Operation(first);
        DateTimeOffset started = clock.GetUtcNow() - clock.GetElapsedTime(outcome.StartedAt);
        using Activity? span = source.Activities.StartActivity(
            operation.Length > 0 ? $"{operation} {Database.ServerDbName}" : Database.ServerDbName, ActivityKind.Client, parent, startTime: started);
        if (span is null)
        {
            return;
        }

        source.Counters.Count(PoolerCounter.TraceSpan);
        span.SetTag("db.system.name", "postgresql");
        span.SetTag("db.namespace", Database.ServerDbName);
        span.SetTag("db.client.connection.pool.name", $"{Database.Name}/{transaction.Source.User}");
        span.SetTag("db.response.returned_rows", outcome.Rows);
        span.SetTag("client.address", transaction.Source.Address);
        span.SetTag("tigger.client.id", transaction.Source.Client);
        span.SetTag("tigger.data_path", outcome.Path.ToString().ToLowerInvariant());
        span.SetTag("tigger.busy_time", clock.GetElapsedTime(0, outcome.BusyTime).TotalSeconds);
        if (Database.Host.Count > 0)
        {
            span.SetTag("server.address", Database.Host[0]);
            span.SetTag("server.port", Database.Port);
        }

        if (operation.Length > 0)
        {
            span.SetTag("db.operation.name", operation);
        }

        if (Database.TraceStatements)
        {
            span.SetTag("db.query.text", Fingerprint.Of(transaction));
        }

        if (outcome.SqlState is { } state)
        {
            span.SetTag("db.response.status_code", state);
            span.SetTag("error.type", state);
            span.SetStatus(ActivityStatusCode.Error);
        }

        span.SetEndTime((started + clock.GetElapsedTime(outcome.StartedAt, outcome.EndedAt)).UtcDateTime);
    }

    /// <summary>The first word, which says what kind of command it is; empty: it does not begin with a word.</summary>
    private static string Operation(ReadOnlySpan<byte> sql)
    {
        const int Longest = 16;
        SqlTokens tokens = new(sql);
        return tokens.MoveNext() && tokens.Kind == SqlTokenKind.Word && tokens.Text.Length <= Longest
            ? Encoding.UTF8.GetString(tokens.Text).ToUpperInvariant()
            : "";
    }
}
