using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tigger.Tests.Fixtures;

/// <summary>A certificate authority of the tests, and what it has signed, as PEM files in a directory of its own.</summary>
public sealed class TestCertificates : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1", ClientUse = "1.3.6.1.5.5.7.3.2";

    private static readonly DateTimeOffset Yesterday = DateTimeOffset.UtcNow.AddDays(-1);

    private readonly TempDirectory _directory = new("tls");
    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _authority;

    public TestCertificates(string name = "Test Authority")
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _authority = request.CreateSelfSigned(Yesterday.AddDays(-2), Yesterday.AddDays(30));
        File.WriteAllText(AuthorityFile, _authority.ExportCertificatePem());
    }

    /// <summary>The authority's own certificate.</summary>
    public string AuthorityFile => _directory.File("ca.crt");

    /// <summary>A server's, for localhost and 127.0.0.1 unless it is said otherwise.</summary>
    public CertificateFiles Server(string file = "server", string[]? names = null, HashAlgorithmName? hash = null) =>
        Issue(file, "localhost", names ?? ["localhost", "127.0.0.1"], ServerUse, Yesterday.AddDays(20), hash);

    public CertificateFiles ExpiredServer() => Issue("expired", "localhost", ["localhost", "127.0.0.1"], ServerUse, Yesterday.AddHours(1));

    /// <summary>A client's: the user's name is its common name.</summary>
    public CertificateFiles Client(string user) => Issue(user, user, [], ClientUse, Yesterday.AddDays(20));

    public CertificateFiles ExpiredClient(string user) => Issue($"{user}-expired", user, [], ClientUse, Yesterday.AddHours(1));

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
        _directory.Dispose();
    }

    private CertificateFiles Issue(string file, string name, string[] names, string use, DateTimeOffset end, HashAlgorithmName? hash = null)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, hash ?? HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var one in names)
        {
            if (IPAddress.TryParse(one, out var address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(one);
        }

        if (names.Length > 0)
            request.CertificateExtensions.Add(alternatives.Build());
        using var certificate = request.Create(_authority, Yesterday.AddDays(-1), end, RandomNumberGenerator.GetBytes(8));
        var files = new CertificateFiles(_directory.File($"{file}.crt"), _directory.File($"{file}.key"), certificate.Thumbprint);
        File.WriteAllText(files.Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(files.Key, key.ExportPkcs8PrivateKeyPem());

        // libpq takes no key that others may read.
        File.SetUnixFileMode(files.Key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return files;
    }
}
