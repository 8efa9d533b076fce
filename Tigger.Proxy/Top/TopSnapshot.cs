using System.Globalization;
using Tigger.Config;
using Tigger.Kernel;
using Tigger.Kernel.Slots;

namespace Tigger.Top;

/// <summary>What a console showed at one moment.</summary>
internal sealed class TopSnapshot
{
    private const long MicrosecondsPerSecond = 1_000_000;

    private readonly Dictionary<string, TimeHistogram> _transactions = [];
    private long _takenAt;

    /// <summary>Where the console is.</summary>
    public required string Address { get; init; }

    public IReadOnlyList<TopPool> Pools { get; private set; } = [];

    /// <summary>Those that have a server or wait for one, the slowest first.</summary>
    public IReadOnlyList<TopClient> Clients { get; private set; } = [];

    /// <param name="client">The console.</param>
    /// <param name="before">What rates and percentiles count from; null: from the start of the process.</param>
    public static async Task<TopSnapshot> ReadAsync(AdminClient client, TopSnapshot? before)
    {
        IReadOnlyList<AdminRow> pools = await client.ShowAsync("POOLS");
        IReadOnlyList<AdminRow> paths = await client.ShowAsync("KERNEL");
        IReadOnlyList<AdminRow> times = await client.ShowAsync("TIMES");
        TopSnapshot now = new() { Address = client.Address, _takenAt = Environment.TickCount64 };
        foreach (AdminRow row in times.Where(row => row.Text("kind") == "transaction"))
        {
            now.AddTimes(row);
        }

        Dictionary<string, string> pathOf = paths.ToDictionary(NameOf, row => row.Text("path"));
        now.Pools =
        [
            .. pools.Where(row => row.Text("database") != Limits.AdminDatabase)
                .Select(row => now.PoolOf(row, pathOf.GetValueOrDefault(NameOf(row), ""), before)),
        ];
        now.Clients =
        [
            .. (await client.ShowAsync("CLIENTS")).Where(row => row.Text("state") is "active" or "waiting").Select(ClientOf)
                .OrderByDescending(one => one.Busy),
        ];
        return now;
    }

    private void AddTimes(AdminRow row)
    {
        TimeHistogram times = default;
        string[] counts = row.Text("buckets").Split(',');
        for (int i = 0; i < Math.Min(counts.Length, SlotLimits.Buckets); i++)
        {
            times[i] = ulong.Parse(counts[i], CultureInfo.InvariantCulture);
        }

        // Both data paths together: a client sees no difference.
        times.Add(_transactions.GetValueOrDefault(NameOf(row)));
        _transactions[NameOf(row)] = times;
    }

    private TopPool PoolOf(AdminRow row, string path, TopSnapshot? before)
    {
        TimeHistogram times = Since(before, NameOf(row));
        double seconds = before is null ? 0 : (_takenAt - before._takenAt) / (double)TimeSpan.MillisecondsPerSecond;
        return new TopPool
        {
            Database = Clean(row.Text("database")),
            User = Clean(row.Text("user")),
            Path = path,
            Clients = row.Number("cl_active") + row.Number("cl_waiting"),
            Waiting = row.Number("cl_waiting"),
            LongestWait = TimeSpan.FromMicroseconds((row.Number("maxwait") * MicrosecondsPerSecond) + row.Number("maxwait_us")),
            ActiveServers = row.Number("sv_active"),
            IdleServers = row.Number("sv_idle") + row.Number("sv_used"),
            Rate = seconds > 0 ? times.Count / seconds : 0,
            P50 = times.Quantile(0.5),
            P99 = times.Quantile(0.99),
        };
    }

    private TimeHistogram Since(TopSnapshot? before, string pool)
    {
        TimeHistogram now = _transactions.GetValueOrDefault(pool);
        TimeHistogram then = before?._transactions.GetValueOrDefault(pool) ?? default;
        for (int i = 0; i < SlotLimits.Buckets; i++)
        {
            // A process that was started anew begins at nothing.
            now[i] = now[i] >= then[i] ? now[i] - then[i] : now[i];
        }

        return now;
    }

    private static TopClient ClientOf(AdminRow row) => new(
        row.Number("id"),
        Clean(NameOf(row)),
        row.Text("state"),
        $"{row.Text("addr")}:{row.Number("port")}",
        Clean(row.Text("application_name")),
        TimeSpan.FromMicroseconds((row.Number("wait") * MicrosecondsPerSecond) + row.Number("wait_us")));

    private static string NameOf(AdminRow row) => $"{row.Text("database")}/{row.Text("user")}";

    /// <summary>Clients choose these texts: none may steer the terminal.</summary>
    private static string Clean(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter));
}
