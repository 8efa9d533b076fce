using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tigger.Benchmarks;

/// <summary>Everything, every round included, for programs.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // readable; nobody puts this into a web page
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        // A latency without samples is NaN.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static string Write(IReadOnlyList<ResultCell> cells, BenchmarkOptions options, MachineInfo machine) =>
        JsonSerializer.Serialize(
            new
            {
                machine,
                options,
                units = "latencies in µs; CPU in µs per transaction",
                results = cells.Select(c => new
                {
                    Remote = c.Combination.Ends.ToString(),
                    c.Combination.Mode,
                    c.Combination.ReplyBytes,
                    c.Combination.Clients,
                    c.Combination.PoolSize,
                    Target = c.Target.Name,
                    c.Target.Version,
                    c.Skipped,
                    c.Failed,
                    c.Median,
                    c.Rounds,
                }),
            },
            Format);
}
