using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Tigger.Tls;

/// <summary>What one side's settings come to: the files are read, the words are numbers. Read again at a reload.</summary>
internal sealed class TlsSetup
{
    private readonly StringBuilder _files = new();

    /// <exception cref="TlsFault">Something in it cannot be used.</exception>
    public TlsSetup(TlsOptions options)
    {
        Options = options;
        Protocols = TlsVersions.Parse(options.Protocols);
        Ciphers = CiphersOf(options);
        if (options.Curve.ToLowerInvariant() is not ("auto" or "none") && !CipherList.IsCurve(options.Curve))
        {
            // A known one has no effect: the runtime leaves the choice to OpenSSL.
            throw new TlsFault($"{options.Prefix}ecdhcurve", $"no curve is called '{options.Curve}'");
        }

        if (options.CertFile.Length > 0)
        {
            Certificate = ReadCertificate();
        }

        if (options.CaFile.Length > 0)
        {
            Trust = ReadTrust();
        }

        Fingerprint = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{options}{_files}")));
    }

    public TlsOptions Options { get; }

    public SslProtocols Protocols { get; }

    /// <summary>Null: whatever the library prefers.</summary>
    public CipherSuitesPolicy? Ciphers { get; }

    /// <summary>What is shown to the peer, with the rest of its chain; null: nothing.</summary>
    public SslStreamCertificateContext? Certificate { get; }

    /// <summary>How the peer's chain is verified; null: by the system's authorities.</summary>
    public X509ChainPolicy? Trust { get; }

    /// <summary>Changes with every setting and with the content of every file.</summary>
    public string Fingerprint { get; }

    private static CipherSuitesPolicy? CiphersOf(TlsOptions options)
    {
        string? list = ListOf(options.Ciphers);
        if (list is null && options.Tls13Ciphers is null)
        {
            return null;
        }

        // One policy is for all versions: what is not named keeps OpenSSL's own choice.
        IReadOnlyList<TlsCipherSuite> older = CipherList.Expand(list ?? "DEFAULT")
            ?? throw new TlsFault($"{options.Prefix}ciphers", $"no ciphers for '{options.Ciphers}'");
        IReadOnlyList<TlsCipherSuite> newer = CipherList.Expand13(
                options.Tls13Ciphers ?? "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256")
            ?? throw new TlsFault($"{options.Prefix[..^1]}13_ciphers", $"no ciphers for '{options.Tls13Ciphers}'");
#pragma warning disable CA1416 // Linux only, and so is this program.
        return new CipherSuitesPolicy([.. newer, .. older]);
#pragma warning restore CA1416
    }

    /// <summary>PgBouncer's words for lists; null: the library's own.</summary>
    private static string? ListOf(string ciphers) => ciphers.ToLowerInvariant() switch
    {
        "default" or "secure" or "" => null,
        "compat" or "legacy" => "HIGH:+3DES:!aNULL",
        "normal" => "HIGH+EECDH:HIGH+EDH:HIGH+RSA:!DSS:!aNULL",
        "fast" => "HIGH+EECDH+AES128:HIGH+EDH+AES128:HIGH+RSA+AES128:HIGH+EECDH:HIGH+EDH:!DSS:!aNULL",
        "insecure" or "all" => "ALL:!aNULL:!eNULL",
        _ => ciphers,
    };

    private SslStreamCertificateContext ReadCertificate()
    {
        string chain = ReadFile("cert_file", Options.CertFile);
        string key = ReadFile("key_file", Options.KeyFile);
        try
        {
            X509Certificate2Collection all = [];
            all.ImportFromPem(chain);
            if (all.Count == 0)
            {
                throw new TlsFault($"{Options.Prefix}cert_file", $"{Options.CertFile}: no certificate in it");
            }

            X509Certificate2 own = X509Certificate2.CreateFromPem(chain, key);
            return SslStreamCertificateContext.Create(own, [.. all.Skip(1)], offline: true);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            throw new TlsFault($"{Options.Prefix}cert_file", $"{Options.CertFile} with {Options.KeyFile}: {fault.Message}", fault);
        }
    }

    private X509ChainPolicy ReadTrust()
    {
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        try
        {
            policy.CustomTrustStore.ImportFromPem(ReadFile("ca_file", Options.CaFile));
        }
        catch (CryptographicException fault)
        {
            throw new TlsFault($"{Options.Prefix}ca_file", $"{Options.CaFile}: {fault.Message}", fault);
        }

        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new TlsFault($"{Options.Prefix}ca_file", $"{Options.CaFile}: no certificate in it");
    }

    private string ReadFile(string key, string path)
    {
        try
        {
            string text = File.ReadAllText(path);
            _files.Append(text);
            return text;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TlsFault($"{Options.Prefix}{key}", fault.Message, fault);
        }
    }
}
