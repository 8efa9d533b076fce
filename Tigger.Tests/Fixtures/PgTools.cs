namespace Tigger.Tests.Fixtures;

/// <summary>Runs psql, pgbench and their like to the end, within a time limit.</summary>
public static class PgTools
{
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(60);

    public static Task<ToolResult> RunAsync(
        string program, IEnumerable<string> arguments, TimeSpan? limit = null, string? password = null, NetworkNamespace? from = null) =>
        RunProgramAsync(PostgresBinaries.Of(program), arguments, limit, password, from);

    public static Task<ToolResult> PsqlAsync(int port, string database, string user, string sql, string host = "127.0.0.1", string? password = null) =>
        RunAsync("psql", ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", host, "-p", $"{port}", "-U", user, "-d", database, "-c", sql], password: password);

    public static async Task<ToolResult> RunProgramAsync(
        string file,
        IEnumerable<string> arguments,
        TimeSpan? limit = null,
        string? password = null,
        NetworkNamespace? from = null,
        string? workingDirectory = null,
        params IEnumerable<(string Name, string Value)> variables)
    {
        // A PGPASSFILE that is not there and a fixed PGPASSWORD keep the tester's own settings out.
        var environment = new Dictionary<string, string>
        {
            ["PGPASSFILE"] = "/nonexistent",
            ["PGPASSWORD"] = password ?? "",
            ["PGCONNECT_TIMEOUT"] = "20",
            ["LC_ALL"] = "C",
        };
        foreach (var (name, value) in variables)
            environment[name] = value;
        await using var process = ChildProcess.Start(file, arguments, environment: environment, workingDirectory: workingDirectory, network: from);
        if (!await process.WaitForExitAsync(limit ?? DefaultLimit))
            Assert.Fail($"{Path.GetFileName(file)} did not end in time\n{process.Output.Text}\n{process.Error.Text}");
        return new(process.ExitCode, process.Output.Text, process.Error.Text);
    }
}
