using System.Net;
using Tigger.Net;
using Tigger.Protocol;
using Tigger.Tls;

namespace Tigger.Pooling;

/// <summary>Asks PostgreSQL for TLS (PostgreSQL: "SSL Session Encryption").</summary>
internal static class ServerTlsNegotiation
{
    /// <summary>Null: the connection stays as it is, because there is no TLS here or none was required.</summary>
    /// <param name="stream">Open, nothing said.</param>
    /// <param name="address">Where it goes; over unix sockets there is no TLS.</param>
    /// <param name="host">The same as configured, for the name in the certificate.</param>
    /// <param name="tls">What is wanted; null: no TLS.</param>
    /// <param name="accepted">Called when PostgreSQL has agreed, and nothing else is under way in either direction.</param>
    /// <param name="cancellation">Time is over.</param>
    /// <exception cref="IOException">TLS is required and PostgreSQL has none, or the handshake failed.</exception>
    public static async Task<ServerEncryption?> RunAsync(
        MessageStream stream, EndPoint address, string host, ServerTls? tls, Action? accepted, CancellationToken cancellation)
    {
        if (tls is null || address is not IPEndPoint)
        {
            return null;
        }

        if (!tls.IsDirect && !await IsAcceptedAsync(stream, tls, cancellation))
        {
            return null;
        }

        accepted?.Invoke();
        return await tls.ConnectAsync(stream.Connection, host, cancellation);
    }

    private static async Task<bool> IsAcceptedAsync(MessageStream stream, ServerTls tls, CancellationToken cancellation)
    {
        await stream.SendAsync(SslRequest.Message, cancellation);
        byte? answer = await stream.ReadByteAsync(cancellation);
        if (!stream.Unread.IsEmpty)
        {
            // Nobody may slip bytes in before the encryption that was asked for (CVE-2021-23222).
            throw new IOException("received unencrypted data after SSL response");
        }

        return answer switch
        {
            (byte)'S' => true,
            (byte)'N' when !tls.IsRequired => false,
            (byte)'N' => throw new IOException("server refused SSL"),
            null => throw new EndOfStreamException("server closed the connection when asked for SSL"),
            _ => throw new IOException("server broke the protocol: unexpected answer to SSL request"),
        };
    }
}
