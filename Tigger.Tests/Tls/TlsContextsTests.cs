using Tigger.Config;
using Tigger.Tests.Fixtures;
using Tigger.Tls;

namespace Tigger.Tests.Tls;

/// <summary>What settings and files come to, and which of them are refused.</summary>
public sealed class TlsContextsTests : IDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly CertificateFiles _server;

    public TlsContextsTests() => _server = _certificates.Server();

    public void Dispose() => _certificates.Dispose();

    private TiggerConfig Config => new()
    {
        ClientTlsSslmode = TlsMode.VerifyCa,
        ClientTlsCertFile = _server.Certificate,
        ClientTlsKeyFile = _server.Key,
        ClientTlsCaFile = _certificates.AuthorityFile,
    };

    [Fact]
    public void Load_EverythingOff_GivesNeitherSide()
    {
        TlsContexts loaded = Load(new TiggerConfig { ServerTlsSslmode = TlsMode.Disable });
        Assert.Null(loaded.Client);
        Assert.Null(loaded.Server);
    }

    [Fact]
    public void Load_ModesOfBothSides_AreKept()
    {
        TlsContexts loaded = Load(Config with { ServerTlsSslmode = TlsMode.Prefer });
        Assert.True(loaded.Client!.IsRequired);
        Assert.False(loaded.Server!.IsRequired);
        Assert.False(Load(Config with { ClientTlsSslmode = TlsMode.Prefer }).Client!.IsRequired);
    }

    [Theory]
    [InlineData("default")]
    [InlineData("secure")]
    [InlineData("compat")]
    [InlineData("legacy")]
    [InlineData("normal")]
    [InlineData("fast")]
    [InlineData("insecure")]
    [InlineData("all")]
    [InlineData("HIGH:!aNULL:!MD5")]
    [InlineData("ECDHE-RSA-AES128-GCM-SHA256:AES256-SHA")]
    public void Load_CiphersAsPgBouncerAndOpenSslSpellThem_AreTaken(string ciphers) => Load(Config with { ClientTlsCiphers = ciphers });

    [Fact]
    public void Load_WhatMeansNothing_IsRefusedByItsKey()
    {
        AssertRefused("client_tls_ciphers", Config with { ClientTlsCiphers = "NO-SUCH-CIPHER" });
        AssertRefused("client_tls13_ciphers", Config with { ClientTls13Ciphers = "TLS_NOTHING" });
        AssertRefused("client_tls_ecdhcurve", Config with { ClientTlsEcdhcurve = "no-such-curve" });
        AssertRefused("server_tls_ciphers", Config with { ServerTlsSslmode = TlsMode.Require, ServerTlsCiphers = "NO-SUCH-CIPHER" });
        Load(Config with { ClientTlsEcdhcurve = "prime256v1", ClientTls13Ciphers = "TLS_AES_128_GCM_SHA256" });
    }

    [Fact]
    public void Load_FilesThatAreWrong_AreRefusedByKeyAndName()
    {
        CertificateFiles other = _certificates.Server("other");
        AssertRefused("client_tls_cert_file", Config with { ClientTlsKeyFile = other.Key }, other.Key);
        AssertRefused("client_tls_cert_file", Config with { ClientTlsCertFile = other.Key }, other.Key);
        AssertRefused("client_tls_key_file", Config with { ClientTlsKeyFile = other.Key + ".gone" }, other.Key + ".gone");
        AssertRefused("client_tls_ca_file", Config with { ClientTlsCaFile = other.Key }, other.Key);
    }

    [Fact]
    public void Fingerprint_ChangesWithSettingsAndFiles()
    {
        TiggerConfig config = Config with { ServerTlsSslmode = TlsMode.VerifyCa, ServerTlsCaFile = _certificates.AuthorityFile };
        string first = Load(config).Server!.Fingerprint;
        Assert.Equal(first, Load(config with { ClientTlsSslmode = TlsMode.Prefer }).Server!.Fingerprint);
        Assert.NotEqual(first, Load(config with { ServerTlsSslmode = TlsMode.VerifyFull }).Server!.Fingerprint);
        File.AppendAllText(_certificates.AuthorityFile, "\n");
        Assert.NotEqual(first, Load(config).Server!.Fingerprint);
    }

    private static TlsContexts Load(TiggerConfig config)
    {
        TlsContexts? loaded = TlsContexts.Load(config, out TlsFault? fault);
        Assert.True(loaded is not null, fault?.Message);
        return loaded;
    }

    private static void AssertRefused(string key, TiggerConfig config, string mentioned = "")
    {
        Assert.Null(TlsContexts.Load(config, out TlsFault? fault));
        Assert.Equal(key, fault!.Key);
        Assert.Contains(mentioned, fault.Reason, StringComparison.Ordinal);
    }
}
