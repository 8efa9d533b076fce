using System.Text.Json;

namespace Tigger.Benchmarks.Report;

/// <summary>Results as JSON, one per line: written as they come, so that a run that was interrupted goes on where it was.</summary>
internal sealed class RawData
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly string _file;
    private readonly List<ReportResult> _results = [];

    /// <exception cref="BenchmarkException">The file is not what this class writes.</exception>
    public RawData(string directory)
    {
        _file = Path.Combine(Directory.CreateDirectory(directory).FullName, "raw.jsonl");
        try
        {
            if (File.Exists(_file))
                _results.AddRange(File.ReadLines(_file).Select(line => JsonSerializer.Deserialize<ReportResult>(line, Format)!));
        }
        catch (JsonException e)
        {
            throw new BenchmarkException($"{_file} is damaged: {e.Message}", e);
        }
    }

    public IReadOnlyList<ReportResult> Results => _results;

    public bool Has(ReportCell cell) => _results.Exists(result => result.Cell == cell);

    public void Add(ReportResult result)
    {
        _results.Add(result);
        File.AppendAllText(_file, JsonSerializer.Serialize(result, Format) + "\n");
    }
}
