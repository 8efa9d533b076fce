using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>TLS between the pooler and PostgreSQL.</summary>
public sealed class ServerTlsTests(PostgresServer plain, EncryptedPostgres encrypted) : TlsTest(encrypted.Server), IClassFixture<EncryptedPostgres>
{
    private const string IsEncrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

    [Theory]
    [InlineData("disable", "f")]
    [InlineData("allow", "t")]
    [InlineData("verify-ca", "t")]
    public async Task Mode_says_whether_servers_are_encrypted(string mode, string expected)
    {
        var pooler = await StartToAsync(mode);
        await using var client = await pooler.ClientAsync();
        Assert.Equal(expected, await client.ScalarAsync(IsEncrypted));
        await using var admin = await pooler.AdminAsync();
        Assert.Equal(expected == "t" ? "TLSv1.3/TLS_AES_256_GCM_SHA384" : "", (await admin.ShowAsync("SERVERS")).Single()["tls"]);
    }

    [Fact]
    public async Task Postgres_without_tls_will_do_unless_it_is_required()
    {
        var pooler = await StartToAsync("prefer", ("host", PostgresServer.Host), ("port", plain.Port), ("dbname", "postgres"));
        await using var client = await pooler.ClientAsync();
        Assert.Equal("f", await client.ScalarAsync(IsEncrypted));
        var strict = await StartToAsync("require", ("host", PostgresServer.Host), ("port", plain.Port), ("dbname", "postgres"));
        var refused = await Assert.ThrowsAsync<ServerErrorException>(() => strict.ClientAsync());
        Assert.Contains("server refused SSL", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_of_postgres_is_verified()
    {
        Assert.Null(await WhyRefusedAsync("verify-full", "localhost", encrypted.Certificates.AuthorityFile));
        Assert.Contains(
            "certificate verify failed: name '127.0.0.1' not present in server certificate",
            await WhyRefusedAsync("verify-full", PostgresServer.Host, encrypted.Certificates.AuthorityFile),
            StringComparison.Ordinal);
        Assert.Contains(
            "certificate verify failed", await WhyRefusedAsync("verify-ca", "localhost", Certificates.AuthorityFile), StringComparison.Ordinal);
        Assert.Null(await WhyRefusedAsync("require", PostgresServer.Host, Certificates.AuthorityFile));
        try
        {
            await encrypted.ShowAsync(encrypted.Certificates.ExpiredServer());
            Assert.Contains(
                "certificate verify failed",
                await WhyRefusedAsync("verify-ca", "localhost", encrypted.Certificates.AuthorityFile),
                StringComparison.Ordinal);
        }
        finally
        {
            await encrypted.ShowAsync(encrypted.Certificates.Server(names: ["localhost"]));
        }
    }

    [Fact]
    public async Task Pooler_shows_its_certificate_to_postgres()
    {
        await Postgres.AddHbaAsync($"hostssl all {Roles.Bob} all cert");
        var bob = encrypted.Certificates.Client(Roles.Bob);
        var pooler = await StartToAsync("require");
        await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync(Roles.Bob));
        pooler.Config.Set("server_tls_cert_file", bob.Certificate).Set("server_tls_key_file", bob.Key);
        (await pooler.ReloadAsync()).Succeeded();
        await Eventually.TrueAsync(LogsInAsync, "bob is let in with his certificate");

        async Task<bool> LogsInAsync()
        {
            try
            {
                await using var client = await pooler.ClientAsync(Roles.Bob);
                return await client.ScalarAsync("SELECT current_user") == Roles.Bob;
            }
            catch (ServerErrorException)
            {
                // The failure before is remembered for a moment.
                return false;
            }
        }
    }

    [Fact]
    public async Task Change_of_the_mode_replaces_servers_that_are_open()
    {
        var pooler = await StartToAsync("disable");
        await using var client = await pooler.ClientAsync();
        Assert.Equal("f", await client.ScalarAsync(IsEncrypted));
        await client.QueryAsync("BEGIN");
        await using var admin = await pooler.AdminAsync();
        await admin.DoAsync("SET server_tls_sslmode = 'require'");
        Assert.Equal("f", await client.ScalarAsync(IsEncrypted));
        await client.QueryAsync("COMMIT");
        await Eventually.EqualAsync("t", () => client.ScalarAsync(IsEncrypted), "new servers are encrypted");
    }

    [Fact]
    public async Task Password_is_proved_with_channel_binding()
    {
        var pooler = await StartToAsync("require");
        await Postgres.ExecuteAsync("ALTER SYSTEM SET log_min_messages = debug4");
        await Postgres.ExecuteAsync("SELECT pg_reload_conf()");
        try
        {
            await using var client = await pooler.ClientAsync(Roles.Scram, password: Roles.PasswordOf(Roles.Scram));
            Assert.Equal("t", await client.ScalarAsync(IsEncrypted));
            var plain = await StartToAsync("disable");
            await using var other = await plain.ClientAsync(Roles.Scram, password: Roles.PasswordOf(Roles.Scram));
            Assert.Equal("f", await other.ScalarAsync(IsEncrypted));
        }
        finally
        {
            await Postgres.ExecuteAsync("ALTER SYSTEM RESET log_min_messages");
            await Postgres.ExecuteAsync("SELECT pg_reload_conf()");
        }

        // The first message of an exchange names the mechanism and the binding, or says that there is none: PostgreSQL tells its
        // length only.
        var lengths = Postgres.ReadLog().Split('\n').Where(line => line.Contains($"{Roles.Scram}@", StringComparison.Ordinal))
            .Select(line => line.Split("processing received SASL response of length ")).Where(parts => parts.Length == 2)
            .Select(parts => int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(4, lengths.Count);
        Assert.Equal("-PLUS".Length + "p=tls-server-end-point".Length - "n".Length, lengths[0] - lengths[2]);
    }

    [Fact]
    public async Task Cancel_reaches_an_encrypted_server()
    {
        var pooler = await StartToAsync("require");
        await using var client = await pooler.EncryptedClientAsync();
        await client.SendAsync(Frontend.Query("SELECT pg_sleep(60)"));
        await Eventually.TrueAsync(
            async () => await Postgres.ScalarAsync<long>(
                $"SELECT count(*) FROM pg_stat_activity WHERE datname = '{ServerDatabase}' AND wait_event = 'PgSleep'") == 1,
            "the query runs");
        await pooler.CancelAsync(client.Pid, client.Secret);
        Assert.Equal("57014", (await client.ReadReplyAsync()).SqlState);
    }

    [Fact]
    public async Task Tls_from_the_first_byte_goes_to_servers_that_take_it()
    {
        // Another pooler takes what PostgreSQL takes from version 17 on.
        var behind = await StartToAsync("require");
        var pooler = await StartToAsync("require", ("host", behind.Host), ("port", behind.Port), ("dbname", Database));
        pooler.Config.Set("server_tls_sslnegotiation", "direct");
        (await pooler.ReloadAsync()).Succeeded();
        await using var client = await pooler.ClientAsync();
        Assert.Equal("t", await client.ScalarAsync(IsEncrypted));
        await using var admin = await behind.AdminAsync();
        Assert.StartsWith("TLSv1.3/", (await admin.ShowAsync("CLIENTS")).Single(row => row["database"] == Database)["tls"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Large_results_and_copies_arrive_whole_over_two_encrypted_ends()
    {
        const int Rows = 20_000;
        var pooler = await StartToAsync("require", ("pool_size", 2));
        await using var client = await pooler.EncryptedClientAsync();
        (await client.QueryAsync("CREATE TABLE line (number int, text text)")).Succeeded();
        var lines = string.Concat(Enumerable.Range(1, Rows).Select(number => $"{number}\t{new string('x', number % 997)}\n"));
        await client.SendAsync(Frontend.Concat(
            [Frontend.Query("COPY line FROM STDIN"), .. lines.Chunk(100_000).Select(part => Frontend.CopyData(System.Text.Encoding.ASCII.GetBytes(part))), Frontend.CopyDone]));
        Assert.Equal([$"COPY {Rows}"], (await client.ReadReplyAsync()).Succeeded().Tags);
        var sum = $"SELECT md5(string_agg(number || text, ',' ORDER BY number)) FROM line";
        Assert.Equal(await Postgres.ScalarAsync<string>(sum, ServerDatabase), await client.ScalarAsync(sum));

        var copied = await client.QueryAsync("COPY (SELECT * FROM line ORDER BY number) TO STDOUT");
        Assert.Equal(lines, string.Concat(copied.Messages.Where(message => message.Type == 'd').Select(message => System.Text.Encoding.ASCII.GetString(message.Payload))));
        string[] dump = ["--data-only", "--no-owner", "-t", "line"];
        var through = (await PgTools.RunAsync("pg_dump", [.. dump, $"host={pooler.Host} port={pooler.Port} dbname={Database} user=postgres sslmode=require"])).Succeeded();
        // PostgreSQL keeps rows in an order of its own.
        var dumped = through.Output.Split('\n').ToHashSet();
        Assert.All(lines.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Contains(line, dumped));
    }

    /// <summary>A pooler to the encrypted PostgreSQL, or to what is given instead.</summary>
    private Task<TiggerProcess> StartToAsync(string mode, params (string Key, object Value)[] database) =>
        StartTlsAsync(config =>
        {
            config.Set("server_tls_sslmode", mode).Database(Database, database);
            if (mode.StartsWith("verify", StringComparison.Ordinal))
                config.Set("server_tls_ca_file", encrypted.Certificates.AuthorityFile);
        });

    private async Task<string?> WhyRefusedAsync(string mode, string host, string authority)
    {
        var pooler = await StartTlsAsync(config => config
            .Set("server_tls_sslmode", mode).Set("server_tls_ca_file", authority).Database(Database, ("host", host)));
        try
        {
            await using var client = await pooler.ClientAsync();
            Assert.Equal("t", await client.ScalarAsync(IsEncrypted));
            return null;
        }
        catch (ServerErrorException refused)
        {
            return refused.Message;
        }
    }
}
