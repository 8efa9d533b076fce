using Tigger.Config;
using Tigger.Kernel;
using Tigger.Mirroring;
using Tigger.Pooling;

namespace Tigger.Admin.Show;

/// <summary>
/// SHOW MIRRORS, Tigger's own: how each mirror does. sent = mirrored + skipped + queued + the sum of the drops, and mirrored =
/// both_ok + same_error + mirror_failed + primary_failed + codes_differ. Times are those of the mirrored transactions, on the
/// primary without the clients' own; percentiles as of <see cref="ShowKernelTimes"/>.
/// </summary>
public sealed class ShowMirrors : IShowCommand
{
    private const double Median = 0.5;
    private const double P99 = 0.99;

    public string Name => "mirrors";

    public IReadOnlyList<ResultColumn> Columns { get; } = ResultColumn.List(
        "database:s mirror:s host:s port:i dbname:s statements:s fraction:s state:s connections:i "
        + "sent:q mirrored:q skipped:q queued:q queued_bytes:q queue_bytes:q dropped:q "
        + "too_long:q queue_full:q client_gone:q mirror_down:q no_server:q ring_full:q unsupported:q reconfigured:q "
        + "both_ok:q same_error:q mirror_failed:q primary_failed:q codes_differ:q "
        + "primary_p50_us:q primary_p99_us:q mirror_p50_us:q mirror_p99_us:q lag_us:q");

    public void Fill(ResultTable rows, AdminContext context)
    {
        context.Registry.Kernel?.Mirrors.CatchUp();
        foreach (DatabaseState database in context.Registry.Databases)
        {
            foreach (Mirror mirror in database.Mirrors?.Mirrors ?? [])
            {
                Add(rows, database, mirror);
            }
        }
    }

    private static void Add(ResultTable rows, DatabaseState database, Mirror mirror)
    {
        MirrorConfig config = mirror.Config;
        MirrorSnapshot counts = mirror.Counts.Snapshot();
        object?[] values =
        [
            database.Name, config.Name, config.Host.ToString(), config.Port, mirror.Target.ServerDbName,
            Key("statements"), Key("fraction"), mirror.Fault ?? "ok", mirror.Connections,
            counts.Sent, counts.Mirrored, counts.Skipped, counts.Queued, mirror.Bytes, config.QueueBytes, counts.Dropped.Sum(),
            .. counts.Dropped.Cast<object>(),
            .. counts.Outcomes.Cast<object>(),
            .. Times(counts.PrimaryTimes),
            .. Times(counts.MirrorTimes),
            (long)mirror.Lag.TotalMicroseconds,
        ];
        rows.Add(values);

        string? Key(string name) => MirrorKeys.Table.TryFind(name, out var key) ? key.Format(config) : null;
    }

    private static IEnumerable<object> Times(TimeHistogram times) =>
        new[] { times.Quantile(Median), times.Quantile(P99) }.Select(time => (object)(long)Math.Ceiling(time.TotalMicroseconds));
}
