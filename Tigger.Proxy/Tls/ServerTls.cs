using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Tigger.Config;
using Tigger.Net;

namespace Tigger.Tls;

/// <summary>TLS to PostgreSQL, as <c>server_tls_*</c> asks for it.</summary>
public sealed class ServerTls
{
    private readonly TlsSetup _setup;

    internal ServerTls(TlsSetup setup, TlsNegotiation negotiation)
    {
        _setup = setup;
        IsDirect = negotiation == TlsNegotiation.Direct;
    }

    /// <summary>A server that has no TLS will not do.</summary>
    public bool IsRequired => _setup.Options.Mode >= TlsMode.Require;

    /// <summary>The connection begins with TLS, without asking (PostgreSQL 17 and later).</summary>
    public bool IsDirect { get; }

    /// <summary>Changes with every setting and with the content of every file.</summary>
    internal string Fingerprint => $"{_setup.Fingerprint}{IsDirect}";

    /// <summary>Encrypts a connection to <paramref name="host"/>.</summary>
    /// <exception cref="IOException">The handshake failed, or the connection broke.</exception>
    internal async Task<ServerEncryption> ConnectAsync(AsyncSocket connection, string host, CancellationToken cancellation)
    {
        TlsMode mode = _setup.Options.Mode;
        CertificateCheck check = new(mode >= TlsMode.VerifyCa, mode == TlsMode.VerifyFull ? host : null);
        SslClientAuthenticationOptions options = new()
        {
            TargetHost = host,
            ClientCertificateContext = _setup.Certificate,
            EnabledSslProtocols = _setup.Protocols,
            CipherSuitesPolicy = _setup.Ciphers,
            ApplicationProtocols = Alpn.Offer,
            CertificateChainPolicy = _setup.Trust,
            AllowRenegotiation = false,
            AllowTlsResume = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        TlsTransport transport = await TlsTransport.ConnectAsync(connection, options, check, cancellation);
        if (IsDirect && !transport.HasProtocol)
        {
            throw new IOException("TLS handshake error: server did not choose the protocol \"postgresql\" (ALPN)");
        }

        byte[]? endPoint = transport.PeerCertificate is { } shown ? ServerEndPoint.Hash(shown) : null;
        return new ServerEncryption(transport.Description, endPoint);
    }
}
