using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Certificates of clients, those that prove who they are, and our own when it is replaced.</summary>
public sealed class ClientCertificateTests(PostgresServer postgres) : TlsTest(postgres)
{
    [Theory]
    [InlineData("verify-ca")]
    [InlineData("verify-full")]
    public async Task Client_must_show_a_certificate_that_our_authority_signed(string mode)
    {
        var pooler = await StartTlsAsync(config => config.Set("client_tls_sslmode", mode));
        using var strangers = new TestCertificates("Somebody else");
        Assert.Equal(0, (await PsqlAsync(pooler, With(Certificates.Client(Roles.Alice)), "SELECT 1")).ExitCode);
        foreach (var options in new[] { "sslmode=require", With(strangers.Client(Roles.Alice)), With(Certificates.ExpiredClient(Roles.Alice)) })
        {
            Assert.NotEqual(0, (await PsqlAsync(pooler, options, "SELECT 1")).ExitCode);
        }

        Assert.Equal(3, pooler.Log.Lines.Count(line => line.Contains("certificate verify failed", StringComparison.Ordinal)));
        Assert.Contains("no certificate was shown", pooler.Log.Text, StringComparison.Ordinal);
        Assert.NotEqual(0, (await PsqlAsync(pooler, "sslmode=disable", "SELECT 1")).ExitCode);
    }

    [Fact]
    public async Task Certificate_says_who_the_client_is()
    {
        var pooler = await StartTlsAsync(config => config.Set("client_tls_sslmode", "verify-full").Set("auth_type", "cert"));
        var alice = With(Certificates.Client(Roles.Alice));
        (await PsqlAsync(pooler, alice, "SELECT current_user", Roles.Alice)).Succeeded();
        foreach (var user in new[] { Roles.Bob, "nobody_at_all" })
        {
            var refused = await PsqlAsync(pooler, alice, "SELECT 1", user);
            Assert.NotEqual(0, refused.ExitCode);
            Assert.Contains("certificate authentication failed", refused.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Reload_shows_the_new_certificate_and_open_connections_go_on()
    {
        var pooler = await StartTlsAsync(config => config.Set("client_tls_sslmode", "prefer"));
        await using var before = await pooler.EncryptedClientAsync();
        var first = before.PeerCertificate!.Thumbprint;
        var second = Certificates.Server();
        (await pooler.ReloadAsync()).Succeeded();
        await using var after = await pooler.EncryptedClientAsync();
        Assert.Equal(second.Thumbprint, after.PeerCertificate!.Thumbprint);
        Assert.NotEqual(first, second.Thumbprint);

        await File.WriteAllTextAsync(second.Certificate, "not a certificate", TestContext.Current.CancellationToken);
        var refused = Assert.Single((await pooler.ReloadAsync()).Errors).Field('M');
        Assert.Contains("client_tls_cert_file", refused, StringComparison.Ordinal);
        Assert.Contains(second.Certificate, refused, StringComparison.Ordinal);
        await using var later = await pooler.EncryptedClientAsync();
        Assert.Equal(second.Thumbprint, later.PeerCertificate!.Thumbprint);
        Assert.Equal("1", await before.ScalarAsync("SELECT 1"));

        var third = Certificates.Server("third");
        await using var admin = await pooler.AdminAsync();
        Assert.Single((await admin.RunAsync($"SET client_tls_cert_file = '{third.Certificate}'")).Errors);
        pooler.Config.Set("client_tls_cert_file", third.Certificate).Set("client_tls_key_file", third.Key);
        pooler.WriteConfig();
        pooler.Send(Signal.Hup);
        await Eventually.TrueAsync(ShowsThirdAsync, "the third certificate is shown");
        Assert.Equal("1", await before.ScalarAsync("SELECT 1"));

        async Task<bool> ShowsThirdAsync()
        {
            await using var client = await pooler.EncryptedClientAsync();
            return client.PeerCertificate!.Thumbprint == third.Thumbprint;
        }
    }

    [Theory]
    [InlineData("SHA256")]
    [InlineData("SHA384")]
    public async Task Client_may_insist_on_channel_binding(string hash)
    {
        var server = Certificates.Server("bound", hash: new(hash));
        var pooler = await StartTlsAsync(config => config.Set("auth_type", "scram-sha-256")
            .Set("client_tls_cert_file", server.Certificate).Set("client_tls_key_file", server.Key));
        var password = Roles.PasswordOf(Roles.Scram);
        (await PsqlAsync(pooler, "sslmode=require channel_binding=require", "SELECT 1", Roles.Scram, password)).Succeeded();
        (await PsqlAsync(pooler, "sslmode=require channel_binding=disable", "SELECT 1", Roles.Scram, password)).Succeeded();
        (await PsqlAsync(pooler, "sslmode=disable", "SELECT 1", Roles.Scram, password)).Succeeded();
        Assert.NotEqual(0, (await PsqlAsync(pooler, "sslmode=require channel_binding=require", "SELECT 1", Roles.Scram, "wrong")).ExitCode);
    }

    private static string With(CertificateFiles files) => $"sslmode=require sslcert={files.Certificate} sslkey={files.Key}";
}
