using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>A pooler with a certificate, and an authority to sign others.</summary>
public abstract class TlsTest(PostgresServer postgres) : PoolerTest(postgres)
{
    protected TestCertificates Certificates { get; } = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Certificates.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Clients may come with TLS or without, unless it is configured otherwise.</summary>
    protected Task<TiggerProcess> StartTlsAsync(Action<TiggerConfigBuilder>? configure = null, DataPath path = DataPath.User)
    {
        var server = Certificates.Server();
        return StartAsync(path, config =>
        {
            config.Set("client_tls_sslmode", "allow")
                .Set("client_tls_cert_file", server.Certificate)
                .Set("client_tls_key_file", server.Key)
                .Set("client_tls_ca_file", Certificates.AuthorityFile)
                .Set("server_tls_sslmode", "disable");
            configure?.Invoke(config);
        });
    }

    /// <summary>psql with options of libpq's.</summary>
    protected static Task<ToolResult> PsqlAsync(TiggerProcess pooler, string options, string sql, string user = Roles.Superuser, string? password = null) =>
        PgTools.RunAsync(
            "psql", ["-X", "-q", "-A", "-t", "-c", sql, "-d", $"host={pooler.Host} port={pooler.Port} dbname={Database} user={user} {options}"], password: password);
}
