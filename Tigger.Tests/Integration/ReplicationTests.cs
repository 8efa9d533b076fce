using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>PostgreSQL's own replication clients through the pooler: each has a server of its own, in every pool mode.</summary>
public sealed class ReplicationTests(PostgresServer postgres) : PoolerTest(postgres)
{
    [Theory]
    [EachLocalDataPath]
    public async Task Base_backup_is_taken_with_its_wal(DataPath path)
    {
        // The tool names the database so; PostgreSQL does not look at it.
        var pooler = await StartAsync(path, config => config.Database("replication", ("host", Topology.Loopback), ("port", Postgres.Port)));
        using var directory = new TempDirectory("backup");
        var backup = directory.File("data");
        var result = await PgTools.RunAsync(
            "pg_basebackup", ["-h", pooler.Host, "-p", $"{pooler.Port}", "-U", Roles.Superuser, "-D", backup, "-X", "stream", "-c", "fast", "--no-sync"]);
        result.Succeeded();
        Assert.True(File.Exists(Path.Combine(backup, "backup_manifest")), result.All);
        (await PgTools.RunAsync("pg_verifybackup", [backup])).Succeeded();
        await using var admin = await pooler.AdminAsync();
        await Eventually.TrueAsync(async () => (await admin.ShowAsync("SERVERS")).Count == 0, "its servers are closed");
    }

    [Fact]
    public async Task Wal_and_logical_changes_are_streamed_and_shown()
    {
        await using var own = await PostgresServer.StartPrivateAsync();
        await own.ExecuteAsync("ALTER SYSTEM SET wal_level = logical");
        await own.RestartAsync();
        var pooler = await StartAsync(DataPath.User, config => config
            .Database("replication", ("host", Topology.Loopback), ("port", own.Port))
            .Database(Database, ("host", Topology.Loopback), ("port", own.Port), ("dbname", "p0"), ("pool_size", 1)));
        await own.ExecuteAsync("CREATE TABLE changes (n int)", "p0");
        string[] connection = ["-h", pooler.Host, "-p", $"{pooler.Port}", "-U", Roles.Superuser, "--no-loop"];
        string[] logical = [.. connection, "-d", Database, "--slot", "watch"];
        // An idle server of an ordinary client makes room: the pool has one place.
        await using (var client = await pooler.ClientAsync())
            await client.ScalarAsync("SELECT 1");
        (await PgTools.RunAsync("pg_recvlogical", [.. logical, "--create-slot", "--plugin", "test_decoding"])).Succeeded();

        await using var admin = await pooler.AdminAsync();
        using var directory = new TempDirectory("changes");
        var file = directory.File("changes");
        await using (var streaming = ChildProcess.Start(PostgresBinaries.Of("pg_recvlogical"), [.. logical, "--start", "-f", file, "--fsync-interval", "0"]))
        {
            await Eventually.TrueAsync(
                async () => (await admin.ShowAsync("SERVERS")).Any(row => row["replication"] == "logical" && row["state"] == "active"),
                "the server is shown\n" + streaming.Error.Text);
            Assert.Equal("logical", Assert.Single(await admin.ShowAsync("CLIENTS"), row => row["database"] == Database)["replication"]);
            await own.ExecuteAsync("INSERT INTO changes SELECT generate_series(1, 1000)", "p0");
            await Eventually.TrueAsync(
                () => File.Exists(file) && File.ReadAllText(file).Contains("n[integer]:1000", StringComparison.Ordinal), "all changes arrive");

            // The place is taken: an ordinary client waits until the replicating one has left.
            await using var waiting = await pooler.ClientAsync();
            await waiting.SendAsync(Frontend.Query("SELECT 'served'"));
            await admin.WaitForPoolAsync("cl_waiting", 1);
            streaming.Send(Signal.Int);
            Assert.True(await streaming.WaitForExitAsync(Eventually.DefaultDeadline), streaming.Error.Text);
            Assert.Equal("served", (await waiting.ReadReplyAsync()).Scalar);
        }

        const int SegmentName = 24;
        await using var receiving = ChildProcess.Start(PostgresBinaries.Of("pg_receivewal"), [.. connection, "-D", directory.Path]);
        await Eventually.TrueAsync(
            async () => (await admin.ShowAsync("CLIENTS")).Any(row => row["replication"] == "physical"), "the client is shown\n" + receiving.Error.Text);
        await own.ExecuteAsync("CREATE TABLE more (); SELECT pg_switch_wal()", "p0");
        await Eventually.TrueAsync(
            () => Directory.GetFiles(directory.Path).Any(name => Path.GetFileName(name).Length == SegmentName), "a segment arrives whole");
        receiving.Send(Signal.Int);
        Assert.True(await receiving.WaitForExitAsync(Eventually.DefaultDeadline), receiving.Error.Text);
    }

    [Fact]
    public async Task Kill_and_drain_end_it_and_limits_hold()
    {
        var pooler = await StartAsync(DataPath.User, config => config.Set("client_login_timeout", 1).Set("max_db_connections", 1).Set("drain_timeout", 60));
        await using var first = await pooler.ClientAsync(parameters: ("replication", "database"));
        Assert.Contains("SystemId", (await first.QueryAsync("IDENTIFY_SYSTEM")).Succeeded().Messages[0].Columns()[0].Name, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("1", await first.ScalarAsync("SELECT 1"));
        Assert.Equal(1, await CountSendersAsync());
        var refusal = await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync(parameters: ("replication", "database")));
        Assert.Equal("client_login_timeout (server down)", refusal.Message);

        await using (var admin = await pooler.AdminAsync())
        {
            var id = Assert.Single(await admin.ShowAsync("CLIENTS"), row => row["database"] == Database)["id"];
            Assert.Equal("KILL_CLIENT", await admin.DoAsync($"KILL_CLIENT {id}"));
        }

        Assert.Empty(await first.ReadToEndAsync());
        await Eventually.EqualAsync(0, () => CountSendersAsync(), "servers left behind");
        await using var second = await pooler.ClientAsync(parameters: [("replication", "database"), ("application_name", "mine"), ("options", "-c geqo=off")]);
        Assert.Equal("mine", await second.ScalarAsync("SHOW application_name"));
        Assert.Equal("off", await second.ScalarAsync("SHOW geqo"));
        pooler.Send(Signal.Term);
        Assert.Empty(await second.ReadToEndAsync());
        Assert.Equal(0, await pooler.WaitForExitAsync());
    }

    [Fact]
    public async Task A_cancel_request_reaches_it()
    {
        var pooler = await StartAsync(DataPath.User);
        await using var client = await pooler.ClientAsync(parameters: ("replication", "database"));
        await client.SendAsync(Frontend.Query("SELECT pg_sleep(60)"));
        await Eventually.EqualAsync(1, () => CountSendersAsync("wait_event = 'PgSleep'"), "sleeping backends");
        await pooler.CancelAsync(client.Pid, client.Secret);
        Assert.Equal("57014", (await client.ReadReplyAsync()).SqlState);
    }

    /// <summary>Also where the parameter is shortened as only PostgreSQL would.</summary>
    [Fact]
    public async Task Rules_of_a_database_do_not_let_physical_replication_in()
    {
        var pooler = await StartAsync(
            DataPath.User,
            config => config.Set("auth_type", "hba").Set("auth_hba_file", "hba.conf").RemoveDatabase(Database)
                .Database("*", ("host", Topology.Loopback), ("port", Postgres.Port), ("dbname", ServerDatabase)),
            prepare => File.WriteAllText(Path.Combine(prepare.Home, "hba.conf"), "host all all 127.0.0.1/32 trust\n"));
        foreach (var value in new[] { "true", "tr", "1" })
            await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync(parameters: ("replication", value)));
        await using var logical = await pooler.ClientAsync(parameters: ("replication", "database"));
        Assert.Equal("1", await logical.ScalarAsync("SELECT 1"));
    }

    [Fact]
    public async Task A_shutdown_that_waits_for_servers_does_not_wait_for_it()
    {
        var pooler = await StartAsync(DataPath.User);
        await using var client = await pooler.ClientAsync(parameters: ("replication", "database"));
        pooler.Send(Signal.Int);
        Assert.Empty(await client.ReadToEndAsync());
        Assert.Equal(0, await pooler.WaitForExitAsync());
    }

    private Task<long> CountSendersAsync(string condition = "true") => Postgres.ScalarAsync<long>(
        $"SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'walsender' AND datname = '{ServerDatabase}' AND {condition}");
}
