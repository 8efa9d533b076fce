using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Mirroring;

/// <summary>`tigger record` and `tigger replay`: what clients did, done again elsewhere.</summary>
public sealed class RecordTests(PostgresServer postgres) : MirrorTest(postgres)
{
    private const int Clients = 3, Transactions = 60;

    private readonly TempDirectory _directory = new("record");

    private string RecordingFile => _directory.File("recording");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Replay_leaves_what_the_clients_left(DataPath path)
    {
        var (target, transactions, failures) = await RecordAsync(path);
        var output = await ReplayAsync(target, "max");
        Assert.Contains($"transactions   {transactions}, of which {transactions} were carried out", output, StringComparison.Ordinal);
        Assert.Contains($"SameError      {failures}", output, StringComparison.Ordinal);
        Assert.Contains($"BothSucceeded  {transactions - failures}", output, StringComparison.Ordinal);
        for (var i = 0; i < Clients; i++)
            await AssertSameAsync(target, "*", $"t{i}");
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Torn_tail_is_cut_at_the_last_whole_transaction(DataPath path)
    {
        var (target, transactions, _) = await RecordAsync(path);
        await using (var file = File.Open(RecordingFile, FileMode.Open))
            file.SetLength(file.Length - 3);
        var output = await ReplayAsync(target, "1x");
        Assert.Contains($"transactions   {transactions - 1}, of which {transactions - 1} were carried out", output, StringComparison.Ordinal);
        Assert.Contains("cut at the last whole transaction", output, StringComparison.Ordinal);
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Only_an_administrator_records(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("stats_users", new[] { Roles.Alice }));
        var refused = await RunAsync("record", "--console", Console(pooler, Roles.Alice), "--database", Database, "--seconds", "1", RecordingFile);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("admin access needed", refused.Error, StringComparison.Ordinal);
        var unknown = await RunAsync("record", "--console", Console(pooler, Roles.Superuser), "--database", "nowhere", "--seconds", "1", $"{RecordingFile}2");
        Assert.Contains("no such database: nowhere", unknown.Error, StringComparison.Ordinal);
    }

    private static string Console(TiggerProcess pooler, string user) => $"host={pooler.Host} port={pooler.Port} user={user}";

    private static Task<ToolResult> RunAsync(params string[] arguments) => PgTools.RunProgramAsync(PoolerProgram.Tigger, arguments);

    /// <summary>Records what a few clients do; returns a database in which nothing of it has been done.</summary>
    private async Task<(string Target, int Transactions, int Failures)> RecordAsync(DataPath path)
    {
        var target = await CreateMirrorAsync();
        for (var i = 0; i < Clients; i++)
            await OnBothAsync(target, $"CREATE TABLE t{i} (k int PRIMARY KEY, v text)");
        var pooler = await StartAsync(path);
        await using var console = await pooler.AdminAsync();
        await using var recording = ChildProcess.Start(
            PoolerProgram.Tigger, ["record", "--console", Console(pooler, Roles.Superuser), "--database", Database, "--seconds", "60", RecordingFile]);
        await Eventually.TrueAsync(() => File.Exists(RecordingFile) && new FileInfo(RecordingFile).Length > 0, "the recording begins");
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => MixedClient.RunAsync(pooler, i, Transactions)));
        Assert.Equal(path == DataPath.User ? "user" : "kernel", (await console.ShowAsync("KERNEL")).Single()["path"]);
        await Eventually.EqualAsync(0, () => console.PoolNumberAsync("cl_active"), "clients left");

        // Records go out as transactions end; a quiet file has them all.
        long length = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                var before = length;
                await Task.Delay(TimeSpan.FromMilliseconds(500));
                length = new FileInfo(RecordingFile).Length;
                return length == before;
            },
            "the recording is quiet");
        recording.Send(Signal.Int);
        Assert.True(await recording.WaitForExitAsync(TimeSpan.FromSeconds(20)), "Ctrl-C ends the recording");
        Assert.Equal(0, recording.ExitCode);
        return (target, clients.Sum(client => client.Transactions), clients.Sum(client => client.Failures));
    }

    private async Task<string> ReplayAsync(string target, string speed)
    {
        var connection = $"host={PostgresServer.Host} port={Postgres.Port} dbname={target}";
        var replay = await RunAsync("replay", RecordingFile, "--target", connection, "--speed", speed);
        Assert.True(replay.ExitCode == 0, replay.Output + replay.Error);
        return replay.Output;
    }
}
