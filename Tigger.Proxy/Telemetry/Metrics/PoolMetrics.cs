using Tigger.Control;
using Tigger.Kernel;
using Tigger.Pooling;

namespace Tigger.Telemetry.Metrics;

/// <summary>The metrics of one pool: what SHOW POOLS and SHOW STATS say, the data paths apart.</summary>
/// <param name="reading">Where they go.</param>
/// <param name="pool">The pool.</param>
/// <param name="isNamed">False: it shares its name with others.</param>
internal sealed class PoolMetrics(MetricReading reading, ServerPool pool, bool isNamed)
{
    private const string UserPath = "user";
    private const string KernelPath = "kernel";
    private const string Idle = "idle";
    private const string Used = "used";
    private const double MicrosecondsPerSecond = 1_000_000;

    private readonly string _database = isNamed ? pool.Database.Name : PoolLabels.Other;
    private readonly string _user = isNamed ? pool.User.Name : PoolLabels.Other;
    private readonly string _name = isNamed ? pool.Name : PoolLabels.Other;

    public void Add(PoolFigures figures)
    {
        PoolSnapshot now = pool.Snapshot();
        AddClients(now);
        AddServers(now);
        AddPath(UserPath, figures.User, pool.Times.Read());
        KernelStatistics inKernel = pool.KernelTotals;
        if (pool.Kernel is not null || inKernel.Assignments > 0)
        {
            AddPath(KernelPath, figures.Kernel, inKernel.Times);
        }

        reading.Add(MetricNames.Parses, figures.User[StatsFigure.ClientParses], _database, _user, "client");
        reading.Add(MetricNames.Parses, figures.User[StatsFigure.ServerParses], _database, _user, "server");
        reading.Add(MetricNames.Binds, figures.User[StatsFigure.Binds], _database, _user);
        reading.Add(MetricNames.OnKernelPath, pool.UserPathReason is null ? 1 : 0, _database, _user);
    }

    private void AddClients(in PoolSnapshot now)
    {
        // What SHOW POOLS calls active is with a server or wants none; a server has one client.
        int active = Math.Min(now.ActiveServers, now.ActiveClients);
        reading.Add(MetricNames.Clients, now.ActiveClients - active, _database, _user, Idle);
        reading.Add(MetricNames.Clients, active, _database, _user, "active");
        reading.Add(MetricNames.Clients, now.WaitingClients, _database, _user, "waiting");
        reading.Add(MetricNames.Waiting, now.WaitingClients, _name, _database, _user);
        reading.Add(MetricNames.LongestWait, now.LongestWait.TotalSeconds, _database, _user);
    }

    private void AddServers(in PoolSnapshot now)
    {
        int idle = now.IdleServers + now.StaleServers;
        reading.Add(MetricNames.Connections, idle, _name, _database, _user, Idle);
        reading.Add(MetricNames.Connections, now.ActiveServers + now.BeingCanceled + now.TestedServers, _name, _database, _user, Used);
        foreach ((string state, int count) in new[]
        {
            ("active", now.ActiveServers), ("being_canceled", now.BeingCanceled), (Idle, now.IdleServers),
            (Used, now.StaleServers), ("tested", now.TestedServers), ("login", now.LoginServers),
        })
        {
            reading.Add(MetricNames.Servers, count, _database, _user, state);
        }

        reading.Add(MetricNames.PoolSize, pool.Settings.Effective.PoolSize, _name, _database, _user);
    }

    private void AddPath(string path, StatsFigures figures, in PathTimes times)
    {
        reading.Add(MetricNames.Transactions, figures[StatsFigure.Transactions], _database, _user, path);
        reading.Add(MetricNames.Queries, figures[StatsFigure.Queries], _database, _user, path);
        reading.Add(MetricNames.Assignments, figures[StatsFigure.ServerAssignments], _database, _user, path);
        reading.Add(MetricNames.Bytes, figures[StatsFigure.Received], _database, _user, path, "receive");
        reading.Add(MetricNames.Bytes, figures[StatsFigure.Sent], _database, _user, path, "transmit");
        reading.AddTimes(MetricNames.TransactionTime, times.Transactions, Seconds(StatsFigure.TransactionTime), _database, _user, path);
        reading.AddTimes(MetricNames.QueryTime, times.Queries, Seconds(StatsFigure.QueryTime), _database, _user, path);
        reading.AddTimes(MetricNames.WaitTime, times.Waits, Seconds(StatsFigure.WaitTime), _name, _database, _user, path);

        double Seconds(StatsFigure figure) => figures[figure] / MicrosecondsPerSecond;
    }
}
