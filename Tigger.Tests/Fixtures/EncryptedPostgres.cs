namespace Tigger.Tests.Fixtures;

/// <summary>A PostgreSQL of its own that takes TLS, with a certificate for localhost only, not for its address.</summary>
public sealed class EncryptedPostgres : IAsyncLifetime
{
    private PostgresServer? _server;

    public PostgresServer Server => _server ?? throw new InvalidOperationException("not started");

    public TestCertificates Certificates { get; } = new();

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartPrivateAsync();
        await ShowAsync(Certificates.Server(names: ["localhost"]));
    }

    /// <summary>Shows another certificate; returns when new connections get it.</summary>
    public async Task ShowAsync(CertificateFiles files)
    {
        await Server.UseTlsAsync(files, Certificates.AuthorityFile);
        await Eventually.EqualAsync(files.Thumbprint, ShownAsync, "the certificate PostgreSQL shows");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        Certificates.Dispose();
    }

    private async Task<string?> ShownAsync()
    {
        await using var client = await RawClient.ConnectTcpAsync(PostgresServer.Host, Server.Port);
        await client.SendAsync(Frontend.SslRequest);
        if (await client.ReadByteAsync() != 'S')
            return null;
        await client.BeginTlsAsync();
        return client.PeerCertificate?.Thumbprint;
    }
}
