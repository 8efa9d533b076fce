using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Tigger.Tests.Fixtures;

/// <summary>Encryption, asked for or from the first byte.</summary>
public sealed partial class RawClient
{
    private SslStream? _encrypted;

    /// <summary>The certificate the other side showed.</summary>
    public X509Certificate2? PeerCertificate => _encrypted?.RemoteCertificate as X509Certificate2;

    /// <summary>SSLRequest, which must be granted, and TLS after it.</summary>
    public async Task AskForTlsAsync()
    {
        await SendAsync(Frontend.SslRequest);
        Assert.Equal('S', await ReadByteAsync());
        await BeginTlsAsync();
    }

    /// <summary>TLS at once, naming the given protocol or none; any certificate will do.</summary>
    public async Task BeginTlsAsync(string? protocol = null)
    {
        using var limit = new CancellationTokenSource(DefaultTimeout);
        var encrypted = new SslStream(new NetworkStream(_socket), leaveInnerStreamOpen: false);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
            ApplicationProtocols = protocol is null ? null : [new SslApplicationProtocol(protocol)],
        };
        await encrypted.AuthenticateAsClientAsync(options, limit.Token);
        _encrypted = encrypted;
    }
}
