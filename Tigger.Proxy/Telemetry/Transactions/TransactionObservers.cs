using Microsoft.Extensions.Logging;
using Tigger.Config;
using Tigger.Telemetry.QueryLog;
using Tigger.Telemetry.Traces;

namespace Tigger.Telemetry.Transactions;

/// <summary>The query log and traces of all databases. Nothing runs, and no file is opened, before the first transaction.</summary>
internal sealed class TransactionObservers : IDisposable
{
    private readonly PoolerCounters _counters;
    private readonly QueryLogFile _file;
    private readonly TraceSource _traces;
    private readonly ObserverQueue _queue;
    private readonly TimeProvider _clock;

    public TransactionObservers(TiggerConfig config, TimeProvider clock, PoolerCounters counters, ILogger logger)
    {
        _counters = counters;
        _clock = clock;
        _file = new QueryLogFile(counters, clock, logger);
        _traces = new TraceSource(counters);
        _queue = new ObserverQueue(_file.Flush, clock, logger);
        Apply(config);
    }

    /// <summary>Puts a configuration in force; the file is opened again, as after its rotation by others.</summary>
    public void Apply(TiggerConfig config)
    {
        _file.Apply(config);
        _traces.IsExported = config.OtlpEndpoint.Length > 0;
    }

    /// <summary>Who looks at the transactions of a database.</summary>
    /// <param name="database">As configured now.</param>
    /// <param name="before">Who did until now: as far as nothing has changed, the same.</param>
    public IReadOnlyList<TransactionObserver> For(DatabaseConfig database, IReadOnlyList<TransactionObserver> before)
    {
        if (before.Count > 0 && before[0].Database == database)
        {
            return before;
        }

        List<TransactionObserver> observers = [];
        if (database.QueryLog > 0)
        {
            observers.Add(new QueryLogObserver(_file, _queue, database, _counters, _clock));
        }

        if (database.TraceSample > 0)
        {
            observers.Add(new TraceObserver(_traces, _queue, database, _clock));
        }

        return observers;
    }

    public void Dispose()
    {
        _queue.Dispose();
        _file.Dispose();
        _traces.Dispose();
    }
}
