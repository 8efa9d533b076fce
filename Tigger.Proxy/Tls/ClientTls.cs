using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Tigger.Config;
using Tigger.Net;

namespace Tigger.Tls;

/// <summary>TLS to clients, as <c>client_tls_*</c> asks for it.</summary>
public sealed class ClientTls
{
    private readonly TlsSetup _setup;
    private readonly SslServerAuthenticationOptions _options;

    internal ClientTls(TlsSetup setup)
    {
        _setup = setup;
        _options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = setup.Certificate,
            EnabledSslProtocols = setup.Protocols,
            CipherSuitesPolicy = setup.Ciphers,
            ApplicationProtocols = Alpn.Offer,
            ClientCertificateRequired = VerifiesClients,
            CertificateChainPolicy = setup.Trust,
            AllowRenegotiation = false,
            AllowTlsResume = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        EndPoint = ServerEndPoint.Hash(setup.Certificate!.TargetCertificate);
    }

    /// <summary>Clients must not come without; over unix sockets there is none.</summary>
    public bool IsRequired => _setup.Options.Mode >= TlsMode.Require;

    private bool VerifiesClients => _setup.Options.Mode >= TlsMode.VerifyCa;

    /// <summary>Data of the channel binding <c>tls-server-end-point</c>; null: our certificate has none.</summary>
    private byte[]? EndPoint { get; }

    /// <summary>Encrypts a client's connection. <paramref name="early"/>: what was read of it already.</summary>
    /// <exception cref="IOException">The handshake failed, or the connection broke.</exception>
    internal async Task<ClientEncryption> AcceptAsync(AsyncSocket connection, ReadOnlyMemory<byte> early, CancellationToken cancellation)
    {
        CertificateCheck check = new(VerifiesClients);
        TlsTransport transport = await TlsTransport.AcceptAsync(connection, early, _options, check, cancellation);
        PeerCertificate? peer = VerifiesClients && transport.PeerCertificate is { } shown ? PeerCertificate.From(shown) : null;
        return new ClientEncryption(transport.Description, peer, EndPoint, transport.HasProtocol);
    }
}
