using System.Text.Json;
using Tigger.Tests.Fixtures;
using Tigger.Tests.Packages;

namespace Tigger.Tests.Reports;

/// <summary>The benchmark report from end to end, with the least of everything. What the figures are is no matter here.</summary>
public sealed class BenchmarkReportTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private readonly TempDirectory _directory = new("report");

    [Fact]
    public async Task Report_OfATinyMatrix_MeasuresDrawsAndGoesOn()
    {
        await RunAsync("--clients", "1,2");
        var raw = await File.ReadAllLinesAsync(_directory.File("raw.jsonl"));
        Assert.Equal(4, raw.Length);
        foreach (var line in raw)
        {
            using var result = JsonDocument.Parse(line);
            Assert.Equal(JsonValueKind.Null, result.RootElement.GetProperty("missing").ValueKind);
            Assert.True(result.RootElement.GetProperty("transactions_per_second").GetDouble() > 0, line);
            Assert.True(result.RootElement.GetProperty("p99").GetDouble() > 0, line);
        }

        var page = await File.ReadAllTextAsync(_directory.File("index.html"));
        Assert.Contains("Throughput by clients", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);

        // Only what is new is measured.
        var again = await RunAsync("--clients", "1,2,4");
        Assert.Equal(raw, (await File.ReadAllLinesAsync(_directory.File("raw.jsonl")))[..4]);
        Assert.Equal(6, (await File.ReadAllLinesAsync(_directory.File("raw.jsonl"))).Length);
        Assert.DoesNotContain("are missing", again.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private async Task<ToolResult> RunAsync(params string[] arguments)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Repository.File("Tigger.Tests", "Benchmarks", "bin", output.Parent!.Name, output.Name, "Tigger.Benchmarks.dll");
        string[] least = ["--sections", "clients", "--targets", "direct,tigger-user", "--rounds", "1", "--seconds", "1", "--scale", "1"];
        return (await PgTools.RunProgramAsync("dotnet", [program, "report", "--output", _directory.Path, .. least, .. arguments], Limit)).Succeeded();
    }
}
