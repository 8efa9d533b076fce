using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>TLS between clients and the pooler: who gets it, who must have it, and what is seen of it.</summary>
public sealed class ClientTlsTests(PostgresServer postgres) : TlsTest(postgres)
{
    [Theory]
    [InlineData("disable", true, false)]
    [InlineData("allow", true, true)]
    [InlineData("prefer", true, true)]
    [InlineData("require", false, true)]
    public async Task Mode_says_who_may_come_and_who_gets_tls(string mode, bool plain, bool encrypted)
    {
        var pooler = await StartTlsAsync(config => config.Set("client_tls_sslmode", mode));
        await using var asking = await pooler.ConnectAsync();
        await asking.SendAsync(Frontend.SslRequest);
        Assert.Equal(encrypted ? 'S' : 'N', await asking.ReadByteAsync());

        var withTls = await PsqlAsync(pooler, "sslmode=require", "SELECT 1");
        Assert.True((withTls.ExitCode == 0) == encrypted, withTls.All);
        var without = await PsqlAsync(pooler, "sslmode=disable", "SELECT 1");
        Assert.True((without.ExitCode == 0) == plain, without.All);
        if (!plain)
            Assert.Contains("SSL required", without.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Console_and_log_name_version_and_cipher()
    {
        var pooler = await StartTlsAsync();
        await using var admin = await pooler.AdminAsync();
        await using var encrypted = await pooler.EncryptedClientAsync();
        await using var plain = await pooler.ClientAsync();
        var shown = (await admin.ShowAsync("CLIENTS")).Where(row => row["database"] == Database).Select(row => row["tls"]).Order().ToArray();
        Assert.Equal(",TLSv1.3/TLS_AES_256_GCM_SHA384", string.Join(',', shown));
        Assert.Contains("login attempt: db=db user=postgres tls=TLSv1.3/TLS_AES_256_GCM_SHA384", pooler.Log.Text, StringComparison.Ordinal);
        Assert.Contains("login attempt: db=db user=postgres tls=no", pooler.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_verifies_our_certificate()
    {
        var pooler = await StartTlsAsync();
        foreach (var (host, fits) in new[] { ("localhost", true), ("127.0.0.1", true), ("ip6-localhost", false) })
        {
            var tried = await PsqlAsync(
                pooler, $"sslmode=verify-full sslrootcert={Certificates.AuthorityFile} host={host} hostaddr=127.0.0.1", "SELECT 1");
            Assert.True((tried.ExitCode == 0) == fits, $"{host}: {tried.All}");
        }
    }

    [Theory]
    [InlineData("tlsv1.2", "ECDHE-RSA-AES128-GCM-SHA256", "TLSv1.2/ECDHE-RSA-AES128-GCM-SHA256")]
    [InlineData("secure", "default", "TLSv1.3/TLS_CHACHA20_POLY1305_SHA256")]
    public async Task Versions_and_ciphers_are_those_of_the_configuration(string protocols, string ciphers, string expected)
    {
        var pooler = await StartTlsAsync(config => config
            .Set("client_tls_protocols", protocols)
            .Set("client_tls_ciphers", ciphers)
            .Set("client_tls13_ciphers", "TLS_CHACHA20_POLY1305_SHA256"));
        await using var admin = await pooler.AdminAsync();
        await using var client = await pooler.EncryptedClientAsync();
        Assert.Equal(expected, (await admin.ShowAsync("CLIENTS")).Single(row => row["database"] == Database)["tls"]);
    }

    [Fact]
    public async Task What_cannot_be_set_up_is_refused_with_its_place_in_the_file()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => StartTlsAsync(config => config.Set("client_tls_ciphers", "NO-SUCH")));
        Assert.Matches(@"tigger\.yaml:[1-9]\d*:[1-9]\d*: client_tls_ciphers: no ciphers for 'NO-SUCH'", fault.Message);
    }

    [Fact]
    public async Task Tls_from_the_first_byte_needs_the_name_of_the_protocol()
    {
        var pooler = await StartTlsAsync(config => config.Set("client_tls_sslmode", "require"));
        await using var direct = await pooler.ConnectAsync();
        await direct.BeginTlsAsync("postgresql");
        await direct.LoginAsync(Roles.Superuser, Database);
        Assert.Equal("1", await direct.ScalarAsync("SELECT 1"));

        await using var nameless = await pooler.ConnectAsync();
        await nameless.BeginTlsAsync();
        await nameless.SendAsync(Frontend.Startup([("user", Roles.Superuser), ("database", Database)], Frontend.Version30));
        Assert.Empty(await nameless.ReadToEndAsync());

        await using var other = await pooler.ConnectAsync();
        await Assert.ThrowsAsync<System.Security.Authentication.AuthenticationException>(() => other.BeginTlsAsync("http/1.1"));
    }

    [Fact]
    public async Task Tls_from_the_first_byte_is_refused_where_it_is_off()
    {
        var pooler = await StartTlsAsync(config => config.Set("client_tls_sslmode", "disable"));
        await using var direct = await pooler.ConnectAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => direct.BeginTlsAsync("postgresql"));
        Assert.Contains("received direct SSL connection request", pooler.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_slipped_in_before_the_handshake_are_never_taken_for_the_clients()
    {
        var pooler = await StartTlsAsync();
        var startup = Frontend.Startup([("user", Roles.Superuser), ("database", Database)], Frontend.Version30);
        await using var inOne = await pooler.ConnectAsync();
        await inOne.SendAsync((byte[])[.. Frontend.SslRequest, .. startup]);
        Assert.Equal('E', Assert.Single(await inOne.ReadToEndAsync()).Type);

        await using var late = await pooler.ConnectAsync();
        await late.SendAsync(Frontend.SslRequest);
        Assert.Equal('S', await late.ReadByteAsync());
        await late.SendAsync(startup);
        Assert.Empty(await late.ReadToEndAsync());

        await using var twice = await pooler.ConnectAsync();
        await twice.AskForTlsAsync();
        await twice.SendAsync(Frontend.SslRequest);
        Assert.Contains("SSL req inside SSL", Assert.Single(await twice.ReadToEndAsync()).Field('M'), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_request_comes_encrypted_or_not()
    {
        var pooler = await StartTlsAsync(config => config.Set("client_tls_sslmode", "require"));
        await using var client = await pooler.EncryptedClientAsync();
        foreach (var encrypted in new[] { true, false })
        {
            await client.SendAsync(Frontend.Query("SELECT pg_sleep(60)"));
            await Eventually.TrueAsync(
                async () => await Postgres.ScalarAsync<long>(
                    $"SELECT count(*) FROM pg_stat_activity WHERE datname = '{ServerDatabase}' AND wait_event = 'PgSleep'") == 1,
                "the query runs");
            await using var canceller = await pooler.ConnectAsync();
            if (encrypted)
                await canceller.AskForTlsAsync();
            await canceller.SendAsync(Frontend.Cancel(client.Pid, client.Secret));
            Assert.Empty(await canceller.ReadToEndAsync());
            Assert.Equal("57014", (await client.ReadReplyAsync()).SqlState);
        }
    }

    [Fact]
    public async Task Npgsql_speaks_to_us_over_tls()
    {
        var pooler = await StartTlsAsync(config => config.Set("client_tls_sslmode", "require"));
        await using var connection = await pooler.NpgsqlAsync($"Host=localhost;SSL Mode=VerifyFull;Root Certificate={Certificates.AuthorityFile};");
        await using var command = new Npgsql.NpgsqlCommand("SELECT sum(i) FROM generate_series(1, 100000) i", connection);
        Assert.Equal(5000050000L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Every_answer_belongs_to_its_question_when_some_clients_are_encrypted()
    {
        const int Clients = 40, Servers = 4, Each = 150;
        var pooler = await StartTlsAsync(config => config.Set("default_pool_size", Servers).Set("max_client_conn", Clients * 4));
        var workers = Enumerable.Range(1, Clients).Select(number => new CrossTalkWorker(pooler, number, Each, encrypted: number % 2 == 0)).ToList();
        await Task.WhenAll(workers.Select(worker => worker.RunAsync()));
        Assert.InRange(workers.Sum(worker => worker.Answered), Clients * Each * 8 / 10, int.MaxValue);
    }
}
