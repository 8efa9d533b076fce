using System.Text.Json;
using Tigger.Kernel;
using Tigger.Mirroring;
using Tigger.Pooling;

namespace Tigger.Telemetry.Metrics;

/// <summary>The metrics of mirrors: what SHOW MIRRORS says.</summary>
internal static class MirrorMetrics
{
    /// <summary>Clients can make databases; those have one name together, that of the entry they come from.</summary>
    private const string AnyDatabase = "*";

    private static readonly string[] Reasons = [.. Enum.GetNames<MirrorDropReason>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    private static readonly Dictionary<MirrorComparison, string> Outcomes = new()
    {
        [MirrorComparison.BothSucceeded] = "both_ok",
        [MirrorComparison.SameError] = "same_error",
        [MirrorComparison.MirrorFailed] = "mirror_failed",
        [MirrorComparison.PrimaryFailed] = "primary_failed",
        [MirrorComparison.CodesDiffer] = "codes_differ",
    };

    public static void Add(MetricReading reading, PoolRegistry registry)
    {
        registry.Kernel?.Mirrors.CatchUp();
        foreach (DatabaseState database in registry.Databases)
        {
            foreach (Mirror mirror in database.Mirrors?.Mirrors ?? [])
            {
                Add(reading, mirror, [database.IsAuto ? AnyDatabase : database.Name, mirror.Config.Name]);
            }
        }
    }

    private static void Add(MetricReading reading, Mirror mirror, string[] labels)
    {
        MirrorSnapshot counts = mirror.Counts.Snapshot();
        reading.Add(MetricNames.MirrorSent, counts.Sent, labels);
        reading.Add(MetricNames.MirrorSkipped, counts.Skipped, labels);
        reading.Add(MetricNames.MirrorQueued, counts.Queued, labels);
        reading.Add(MetricNames.MirrorQueueBytes, mirror.Bytes, labels);
        reading.Add(MetricNames.MirrorQueueLimit, mirror.QueueBytes, labels);
        reading.Add(MetricNames.MirrorLag, mirror.Lag.TotalSeconds, labels);
        reading.Add(MetricNames.MirrorConnections, mirror.Connections, labels);
        reading.Add(MetricNames.MirrorUp, mirror.Fault is null ? 1 : 0, labels);
        for (int i = 0; i < counts.Dropped.Count; i++)
        {
            reading.Add(MetricNames.MirrorDropped, counts.Dropped[i], [.. labels, Reasons[i]]);
        }

        foreach ((MirrorComparison comparison, string outcome) in Outcomes)
        {
            reading.Add(MetricNames.Mirrored, counts.Outcomes[(int)comparison], [.. labels, outcome]);
        }

        AddTimes(MetricNames.MirrorTime, counts.MirrorTimes, counts.MirrorTime);
        AddTimes(MetricNames.MirroredPrimaryTime, counts.PrimaryTimes, counts.PrimaryTime);

        void AddTimes(MetricDefinition metric, in TimeHistogram times, TimeSpan sum) => reading.AddTimes(metric, times, sum.TotalSeconds, labels);
    }
}
