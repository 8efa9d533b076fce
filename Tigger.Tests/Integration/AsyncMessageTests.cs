using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Messages the server sends of its own accord.</summary>
public sealed class AsyncMessageTests(PostgresServer postgres) : PoolerTest(postgres)
{
    [Theory]
    [EachDataPath]
    public async Task Notice_reaches_the_client_that_caused_it(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        var reply = await client.QueryAsync("DO $$ BEGIN RAISE NOTICE 'hear me'; END $$");
        Assert.Equal("hear me", Assert.Single(reply.Succeeded().Notices).Field('M'));
    }

    [Theory]
    [EachDataPath]
    public async Task Notification_reaches_an_idle_session(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("pool_mode", "session"));
        await using var client = await pooler.ClientAsync();
        (await client.QueryAsync("LISTEN gossip")).Succeeded();
        await Postgres.ExecuteAsync("NOTIFY gossip, 'psst'", ServerDatabase);
        var message = await client.ReadAsync();
        Assert.Equal('A', message.Type);
        Assert.Equal("gossip", message.Text(4));
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [EachDataPath]
    public async Task Notification_of_own_transaction_reaches_the_client(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        var reply = (await client.QueryAsync("LISTEN gossip; NOTIFY gossip, 'to myself'")).Succeeded();
        Assert.Equal("gossip", Assert.Single(reply.Messages, message => message.Type == 'A').Text(4));
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [EachDataPath]
    public async Task Notification_to_an_idle_server_disturbs_nobody(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        (await a.QueryAsync("LISTEN gossip")).Succeeded();
        for (var i = 0; i < 5; i++)
        {
            await Postgres.ExecuteAsync("NOTIFY gossip, 'anybody there?'", ServerDatabase);
            Assert.Equal($"{i}", await b.ScalarAsync($"SELECT {i}"));
        }
    }

    [Theory]
    [EachDataPath]
    public async Task Parameter_status_within_a_reply_reaches_the_client(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        (await client.QueryAsync("SET DateStyle = 'German'")).Succeeded();
        Assert.Equal("German, DMY", client.Parameters["DateStyle"]);
    }

    [Theory]
    [EachDataPath]
    public async Task Parameter_status_from_an_idle_server_does_not_break_the_next_query(DataPath path)
    {
        var (_, pooler) = await StartFakeAsync(path, async server =>
        {
            await server.LoginAsync();
            for (var i = 1; ; i++)
            {
                await server.ReadQueryAsync($"SELECT {i}");
                await server.SendAsync(Frontend.Concat(
                    Backend.Result($"{i}"), Backend.ParameterStatus("TimeZone", $"UTC+{i}"), Backend.ParameterStatus("is_superuser", "off")));
            }
        });
        await using var client = await pooler.ClientAsync();
        for (var i = 1; i < 4; i++)
            Assert.Equal($"{i}", await client.ScalarAsync($"SELECT {i}"));
    }
}
