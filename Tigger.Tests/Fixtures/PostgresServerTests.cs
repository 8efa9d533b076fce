using Npgsql;

namespace Tigger.Tests.Fixtures;

/// <summary>The fixture itself: what the other tests take for granted.</summary>
public sealed class PostgresServerTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(Roles.Md5)]
    [InlineData(Roles.Scram)]
    [InlineData(Roles.Plain)]
    public async Task Role_with_a_password_is_let_in_with_it_only(string role)
    {
        await using (var connection = await postgres.ConnectAsync("p0", role, Roles.PasswordOf(role)))
            Assert.Equal(System.Data.ConnectionState.Open, connection.State);

        var error = await Assert.ThrowsAsync<PostgresException>(() => postgres.ConnectAsync("p0", role, "wrong"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, error.SqlState);
    }

    [Theory]
    [InlineData(Roles.Md5)]
    [InlineData(Roles.Scram)]
    [InlineData(Roles.Plain)]
    [InlineData(Roles.Trust)]
    public async Task Raw_client_logs_in_by_every_method(string role)
    {
        await using var client = await postgres.ConnectRawAsync("p0", role, Roles.PasswordOf(role));
        Assert.Equal(role, await client.ScalarAsync("SELECT current_user"));
        Assert.Equal(client.Pid, await client.BackendPidAsync());
        Assert.Equal("UTF8", client.Parameters["client_encoding"]);
    }

    [Fact]
    public async Task Raw_client_reaches_the_unix_socket_and_ipv6()
    {
        await using var local = await RawClient.ConnectUnixAsync($"{postgres.SocketDirectory}/.s.PGSQL.{postgres.Port}");
        await local.LoginAsync(Roles.Trust, "p1");
        Assert.Null(await local.ScalarAsync("SELECT inet_client_addr()"));

        await using var six = await RawClient.ConnectTcpAsync("::1", postgres.Port);
        await six.LoginAsync(Roles.Trust, "p1");
        Assert.Equal("::1", await six.ScalarAsync("SELECT host(inet_client_addr())"));
    }

    [Fact]
    public async Task Private_server_survives_stop_kill_and_restart()
    {
        await using var server = await PostgresServer.StartPrivateAsync();
        await server.ExecuteAsync("CREATE TABLE kept AS SELECT 1 AS n");
        await server.RestartAsync();
        Assert.Equal(1, await server.ScalarAsync<int>("SELECT n FROM kept"));

        await using var busy = await server.ConnectRawAsync();
        await busy.SendAsync(Frontend.Query("SELECT pg_sleep(600)"));
        await server.Kill9Async();
        Assert.Empty(await busy.ReadToEndAsync());
        await server.StartAsync();
        Assert.Equal(1, await server.ScalarAsync<int>("SELECT n FROM kept"));
    }

    [Fact]
    public async Task Killed_backend_ends_and_psql_and_pgbench_run()
    {
        await using var client = await postgres.ConnectRawAsync("p2");
        await postgres.TerminateBackendAsync(client.Pid);
        var last = await client.ReadToEndAsync();
        Assert.Equal("57P01", Assert.Single(last).Field('C'));

        var psql = await PgTools.PsqlAsync(postgres.Port, "p2", Roles.Scram, "SELECT 6*7", password: Roles.PasswordOf(Roles.Scram));
        Assert.Equal("42", psql.Succeeded().Output);
        var pgbench = await PgTools.RunAsync("pgbench", ["-h", PostgresServer.Host, "-p", $"{postgres.Port}", "-U", Roles.Superuser, "-i", "-s", "1", "-q", "p2"]);
        Assert.Contains("done", pgbench.Succeeded().Error, StringComparison.Ordinal);
    }
}
