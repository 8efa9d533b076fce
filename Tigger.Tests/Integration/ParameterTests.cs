using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Session parameters: those that follow the client, those ignored, those refused.</summary>
public sealed class ParameterTests(PostgresServer postgres) : PoolerTest(postgres)
{
    [Theory]
    [EachDataPath("client_encoding", "LATIN1")]
    [EachDataPath("DateStyle", "German, DMY")]
    [EachDataPath("TimeZone", "Asia/Tokyo")]
    [EachDataPath("standard_conforming_strings", "off")]
    [EachDataPath("application_name", "teller 7")]
    [EachDataPath("IntervalStyle", "iso_8601")]
    public async Task Tracked_parameter_follows_its_client(DataPath path, string name, string value)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        await using var c = await pooler.ClientAsync(parameters: (name, value));
        var normal = await b.ScalarAsync($"SHOW {name}");
        Assert.NotEqual(value, normal);
        (await a.QueryAsync($"SET {name} = '{value}'")).Succeeded();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(normal, await b.ScalarAsync($"SHOW {name}"));
            Assert.Equal(value, await a.ScalarAsync($"SHOW {name}"));
            Assert.Equal(value, (await c.ExtendedAsync($"SHOW {name}")).Succeeded().Scalar);
        }

        Assert.Equal(1, await Postgres.CountBackendsAsync(ServerDatabase));
    }

    [Theory]
    [EachDataPath]
    public async Task Groups_with_other_parameters_share_servers_and_see_their_own(DataPath path)
    {
        const int ClientsOfAGroup = 5, Transactions = 5_000, Servers = 2;
        const string Sql = "SELECT current_setting('application_name') || ' ' || current_setting('client_encoding') || ' ' || current_setting('DateStyle')";
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", Servers));
        var clients = new List<(RawClient Client, string Expected)>();
        for (var i = 0; i < ClientsOfAGroup; i++)
        {
            // One group says so at login, the other later.
            clients.Add((Own(await pooler.ClientAsync(parameters: [("application_name", "red"), ("client_encoding", "LATIN1"), ("DateStyle", "German, DMY")])),
                "red LATIN1 German, DMY"));
            clients.Add((Own(await pooler.ClientAsync()), "blue UTF8 SQL, MDY"));
            (await clients[^1].Client.QueryAsync("SET application_name = 'blue'; SET DateStyle = 'SQL, MDY'")).Succeeded();
        }

        await Task.WhenAll(clients.Select(one => Task.Run(async () =>
        {
            for (var i = 0; i < Transactions / clients.Count; i++)
                Assert.Equal(one.Expected, i % 2 == 0 ? await one.Client.ScalarAsync(Sql) : (await one.Client.ExtendedAsync(Sql)).Succeeded().Scalar);
        })));
        Assert.InRange(await Postgres.CountBackendsAsync(ServerDatabase), 1, Servers);
    }

    [Theory]
    [EachDataPath]
    public async Task Setting_rolled_back_is_not_carried_on(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        await a.QueryAsync("BEGIN; SET TimeZone = 'Asia/Tokyo'");
        await a.QueryAsync("ROLLBACK");
        await b.QueryAsync("SET TimeZone = 'Africa/Cairo'");
        Assert.NotEqual("Asia/Tokyo", await a.ScalarAsync("SHOW TimeZone"));
        Assert.NotEqual("Africa/Cairo", await a.ScalarAsync("SHOW TimeZone"));
    }

    [Theory]
    [EachDataPath]
    public async Task Extra_tracked_parameter_follows_its_client(DataPath path)
    {
        var pooler = await StartAsync(path, config => config
            .Set("default_pool_size", 1).Set("track_extra_parameters", "IntervalStyle, default_transaction_read_only"));
        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        await a.QueryAsync("SET default_transaction_read_only = on");
        Assert.Equal("off", await b.ScalarAsync("SHOW default_transaction_read_only"));
        Assert.Equal("on", await a.ScalarAsync("SHOW default_transaction_read_only"));
    }

    [Theory]
    [EachDataPath]
    public async Task Login_tells_the_same_parameters_as_the_server(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var direct = await Postgres.ConnectRawAsync(ServerDatabase);
        await using var client = await pooler.ClientAsync();
        Assert.Equal(direct.Parameters.OrderBy(pair => pair.Key), client.Parameters.OrderBy(pair => pair.Key));
    }

    [Theory]
    [EachDataPath("extra_float_digits", "2", "unsupported startup parameter: extra_float_digits")]
    [EachDataPath("search_path", "evil", "unsupported startup parameter: search_path")]
    [EachDataPath("options", "-c work_mem=1MB", "unsupported startup parameter in options: work_mem")]
    public async Task Unknown_startup_parameter_is_refused(DataPath path, string name, string value, string text)
    {
        var pooler = await StartAsync(path);
        var refusal = await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync(parameters: (name, value)));
        Assert.Equal(text, refusal.Message);
        Assert.Equal("08P01", refusal.SqlState);
    }

    [Theory]
    [EachDataPath("extra_float_digits", "extra_float_digits", "-2")]
    [EachDataPath("a, extra_float_digits", "extra_float_digits", "-2")]
    [EachDataPath("options", "options", "-c extra_float_digits=-2")]
    [EachDataPath("extra_float_digits", "options", "-c extra_float_digits=-2")]
    public async Task Ignored_startup_parameter_is_dropped(DataPath path, string ignored, string name, string value)
    {
        var pooler = await StartAsync(path, config => config.Set("ignore_startup_parameters", ignored));
        await using var client = await pooler.ClientAsync(parameters: (name, value));
        Assert.Equal("1", await client.ScalarAsync("SHOW extra_float_digits"));
    }

    [Theory]
    [EachDataPath("-c TimeZone=Asia/Tokyo", "TimeZone", "Asia/Tokyo")]
    [EachDataPath("-cTimeZone=Asia/Tokyo  -c  application_name=x", "application_name", "x")]
    [EachDataPath("-c application_name=two\\ words", "application_name", "two words")]
    [EachDataPath("--application-name=dashed", "application_name", "dashed")]
    public async Task Tracked_parameter_in_options_is_taken(DataPath path, string options, string name, string value)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync(parameters: ("options", options));
        Assert.Equal(value, await client.ScalarAsync($"SHOW {name}"));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Application_name_can_show_the_client_address(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("application_name_add_host", 1));
        await using var client = await pooler.ClientAsync(parameters: ("application_name", "teller"));
        Assert.Matches(@"^teller - 127\.0\.0\.1:\d+$", await client.ScalarAsync("SHOW application_name"));
    }
}
