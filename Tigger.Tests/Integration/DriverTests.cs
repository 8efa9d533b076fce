using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>
/// Drivers of other languages in transaction pooling: prepared statements whose names mean something else in each session,
/// pipelines, batches, COPY, cursors, notices and cancels. Each program says "ok" of each of its scenarios.
/// </summary>
public sealed class DriverTests(PostgresServer postgres) : PoolerTest(postgres)
{
    [Theory]
    [EachLocalDataPath("node-postgres", 7)]
    [EachLocalDataPath("postgres.js", 8)]
    [EachLocalDataPath("psycopg", 9)]
    [EachLocalDataPath("pgjdbc", 8)]
    public async Task Scenarios_end_well(DataPath path, string driver, int scenarios)
    {
        var pooler = await StartAsync(path, config => config
            .Set("default_pool_size", 2)
            .Set("ignore_startup_parameters", new[] { "extra_float_digits" }));
        var run = (await Drivers.RunAsync(driver, pooler)).Succeeded();
        Assert.Equal(scenarios, run.Output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)));
    }
}
