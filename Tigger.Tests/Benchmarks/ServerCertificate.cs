using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tigger.Benchmarks;

/// <summary>The one certificate that PostgreSQL and the poolers show when clients are encrypted.</summary>
internal static class ServerCertificate
{
    public static string File(string directory) => Path.Combine(directory, "server.crt");

    public static string KeyFile(string directory) => Path.Combine(directory, "server.key");

    public static async Task WriteAsync(string directory, CancellationToken cancellation)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        await System.IO.File.WriteAllTextAsync(File(directory), certificate.ExportCertificatePem(), cancellation);
        await System.IO.File.WriteAllTextAsync(KeyFile(directory), key.ExportPkcs8PrivateKeyPem(), cancellation);

        // PostgreSQL takes no key that others may read.
        System.IO.File.SetUnixFileMode(KeyFile(directory), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await UnprivilegedUser.GiveAsync(KeyFile(directory));
    }
}
