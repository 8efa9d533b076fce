using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>
/// Drivers of other languages: prepared statements whose names mean something else in each session, pipelines, batches, COPY,
/// cursors, notices and cancels. Each program says "ok" of each of its scenarios.
/// </summary>
public sealed class DriverTests(PostgresServer postgres) : TlsTest(postgres)
{
    /// <summary>Each driver, with the number of its scenarios, over each data path.</summary>
    public static IEnumerable<ITheoryDataRow> EachDriver() =>
        new (string Driver, int Scenarios)[] { ("node-postgres", 7), ("postgres.js", 8), ("psycopg", 9), ("pgjdbc", 8), ("pgx", 8) }
            .SelectMany(one => DataPaths.Rows(DataPaths.Local, one.Driver, one.Scenarios));

    [Theory]
    [MemberData(nameof(EachDriver))]
    public async Task Scenarios_end_well(DataPath path, string driver, int scenarios)
    {
        var pooler = await StartAsync(path, config => Configure(config, "transaction", 2));
        await RunAsync(driver, scenarios, pooler);
    }

    [Theory]
    [MemberData(nameof(EachDriver))]
    public async Task Scenarios_end_well_in_session_mode(DataPath path, string driver, int scenarios)
    {
        var pooler = await StartAsync(path, config => Configure(config, "session", 10));
        await RunAsync(driver, scenarios, pooler);
    }

    /// <summary>Who is encrypted is user space's, in the same queue as others.</summary>
    [Theory]
    [MemberData(nameof(EachDriver))]
    public async Task Scenarios_end_well_over_tls(DataPath path, string driver, int scenarios)
    {
        var pooler = await StartTlsAsync(config => Configure(config, "transaction", 2).Set("client_tls_sslmode", "require"), path);
        await RunAsync(driver, scenarios, pooler, ("PGSSLMODE", "verify-full"), ("PGSSLROOTCERT", Certificates.AuthorityFile));
    }

    private static TiggerConfigBuilder Configure(TiggerConfigBuilder config, string mode, int servers) => config
        .Set("pool_mode", mode)
        .Set("default_pool_size", servers)
        .Set("ignore_startup_parameters", new[] { "extra_float_digits" });

    private static async Task RunAsync(string driver, int scenarios, TiggerProcess pooler, params (string Name, string Value)[] variables)
    {
        var run = (await Drivers.RunAsync(driver, pooler, variables)).Succeeded();
        Assert.Equal(scenarios, run.Output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)));
    }
}
