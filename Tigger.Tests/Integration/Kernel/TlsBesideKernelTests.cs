using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>Encrypted connections stay in user space, beside others that are in the kernel.</summary>
public sealed class TlsBesideKernelTests(PostgresServer postgres) : KernelTest(postgres)
{
    private readonly TestCertificates _certificates = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _certificates.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [EachKernelPath]
    public async Task Encrypted_clients_share_the_pool_of_those_in_the_kernel(DataPath path)
    {
        var pooler = await StartKernelAsync(1, WithTls, path);
        await using var console = await pooler.AdminAsync();
        await using var plain = await pooler.ClientAsync();
        await using var encrypted = await pooler.EncryptedClientAsync();
        await EnterKernelAsync(console, plain);
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal($"e{i}", await encrypted.ScalarAsync($"SELECT 'e{i}'"));
            Assert.Equal($"p{i}", await plain.ScalarAsync($"SELECT 'p{i}'"));
        }

        await encrypted.QueryAsync("BEGIN");
        await plain.SendAsync(Frontend.Query("SELECT 'waited'"));
        await console.WaitForPoolAsync("cl_waiting", 1);
        Assert.Equal("1000000", await encrypted.ScalarAsync("SELECT length(repeat('x', 1000000))"));
        await encrypted.QueryAsync("COMMIT");
        Assert.Equal("waited", (await plain.ReadReplyAsync()).Scalar);
        Assert.True((await console.KernelAsync(Database)).InKernel);
        var before = await KernelCounters.ReadAsync(console);
        Assert.Equal("1", await encrypted.ScalarAsync("SELECT 1"));
        Assert.Equal(0, (await KernelCounters.SinceAsync(console, before))["request"]);
    }

    [Theory]
    [EachKernelPath]
    public async Task Pool_with_encrypted_servers_is_on_the_user_path_and_says_why(DataPath path)
    {
        await using var server = await PostgresServer.StartPrivateAsync();
        await server.UseTlsAsync(_certificates.Server(), _certificates.AuthorityFile);
        var pooler = await StartAsync(NewConfig(path).Set("data_path", "auto")
            .Database("encrypted", ("host", Topology.Of(path).ServerHost), ("port", server.Port), ("dbname", "postgres")));
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync(database: "encrypted");
        Assert.Equal("t", await client.ScalarAsync("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"));
        var pool = await console.KernelAsync("encrypted");
        Assert.False(pool.InKernel);
        Assert.Contains("server_tls_sslmode", pool.Reason, StringComparison.Ordinal);
    }

    private void WithTls(TiggerConfigBuilder config)
    {
        var server = _certificates.Server();
        config.Set("client_tls_sslmode", "allow").Set("client_tls_cert_file", server.Certificate).Set("client_tls_key_file", server.Key);
    }
}
