using Tigger.Config;
using Tigger.Mirroring;
using Tigger.Telemetry.Transactions;

namespace Tigger.Telemetry.QueryLog;

/// <summary>Writes a database's transactions to the query log.</summary>
internal sealed class QueryLogObserver(QueryLogFile file, ObserverQueue queue, DatabaseConfig database, PoolerCounters counters, TimeProvider clock)
    : TransactionObserver(queue, database)
{
    public override bool Wants(MirrorSource source) => file.IsWanted && Sampling.Takes(source.Client, Database.QueryLog);

    public override void Observe(MirrorTransaction transaction)
    {
        TransactionOutcome outcome = transaction.Outcome;
        if (clock.GetElapsedTime(outcome.StartedAt, outcome.EndedAt) >= file.MinimumDuration)
        {
            file.Begin();
            QueryLogLine.Write(file.Writer, Database.Name, transaction, clock);
            file.End();
        }
    }

    public override void Drop(MirrorSource source, MirrorDropReason reason) => counters.Count(PoolerCounter.QueryLogLost);
}
