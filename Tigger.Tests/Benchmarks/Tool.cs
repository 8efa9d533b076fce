using System.Diagnostics;

namespace Tigger.Benchmarks;

/// <summary>Finds programs and runs them to their end.</summary>
internal static class Tool
{
    public static string? Find(string name)
    {
        IEnumerable<string> path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);

        // Debian keeps PostgreSQL's programs out of PATH, one directory per version (newest first here).
        IEnumerable<string> debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(d => int.TryParse(Path.GetFileName(d), out int version) ? version : 0)
                .Select(d => Path.Combine(d, "bin"))
            : [];
        return debian.Concat(path).Append("/usr/sbin").Select(d => Path.Combine(d, name)).FirstOrDefault(File.Exists);
    }

    public static string Require(string name) =>
        Find(name) ?? throw new BenchmarkException($"{name} is not installed; run `make deps`.");

    /// <summary>Runs to the end and returns standard output; fails with the program's own words.</summary>
    public static async Task<string> RunAsync(ProcessStartInfo start, CancellationToken cancellation)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation);
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);

            // pgbench goes on after some errors and ends with 0, having measured something else than was asked for.
            string[] complaints = [.. (await errors).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()];
            if (process.ExitCode != 0 || complaints.Any(line => line.Contains("error:", StringComparison.Ordinal)))
            {
                string words = string.Join("; ", complaints.Take(3));
                throw new BenchmarkException($"{Path.GetFileName(start.FileName)} ended with {process.ExitCode}: {words}");
            }

            return await output;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    public static async Task<string> FirstLineAsync(string program, params IReadOnlyList<string> arguments) =>
        (await RunAsync(new ProcessStartInfo(program, arguments), CancellationToken.None)).Split('\n')[0].Trim();
}
