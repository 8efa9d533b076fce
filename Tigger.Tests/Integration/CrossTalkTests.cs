using System.Globalization;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>The one thing a pooler must never do: give one client's answer to another.</summary>
public sealed class CrossTalkTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const int Clients = 200, Servers = 5;

    /// <summary>TIGGER_CROSSTALK_QUERIES makes a local run shorter or longer. One in twenty is asked by a client that leaves.</summary>
    private static readonly int Queries = Soak.Choose("TIGGER_CROSSTALK_QUERIES", usual: 106_000, soak: 1_060_000);

    [Theory]
    [EachDataPath]
    [Trait(Soak.Trait, Soak.Yes)]
    public async Task Every_answer_belongs_to_its_question(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", Servers).Set("max_client_conn", Clients * 4));
        var workers = Enumerable.Range(1, Clients).Select(number => new CrossTalkWorker(pooler, number, Queries / Clients)).ToList();
        var work = Task.WhenAll(workers.Select(worker => worker.RunAsync()));
        var disturbance = new CrossTalkDisturber(pooler, Servers).RunAsync(work);
        var samples = 0;
        var tooMany = 0;
        await using var observer = await Postgres.ConnectRawAsync();
        while (!work.IsCompleted)
        {
            var backends = await observer.ScalarAsync(
                $"SELECT count(*) FROM pg_stat_activity WHERE datname = '{ServerDatabase}' AND backend_type = 'client backend'");
            samples++;
            // The backend of a server that was closed may be seen for a moment beside its successor.
            tooMany = int.Parse(backends!, CultureInfo.InvariantCulture) > Servers ? tooMany + 1 : 0;
            Assert.True(tooMany < 50, $"{backends} servers, {Servers} allowed");
            await Task.WhenAny(work, Task.Delay(20, TestContext.Current.CancellationToken));
        }

        await work;
        TestContext.Current.TestOutputHelper?.WriteLine($"{workers.Sum(worker => worker.Answered)} answers, disturbed {await disturbance} times");
        Assert.True(samples > 0);
        Assert.InRange(workers.Sum(worker => worker.Answered), Queries * 8 / 10, int.MaxValue);
        await using var admin = await pooler.AdminAsync();
        await admin.WaitForPoolAsync("cl_waiting", 0);
        await admin.WaitForPoolAsync("sv_active", 0);
    }
}
