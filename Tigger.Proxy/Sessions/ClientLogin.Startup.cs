using Tigger.Protocol;
using Tigger.Tls;

namespace Tigger.Sessions;

/// <summary>The first packets of a connection (PostgreSQL: "Start-up", "SSL Session Encryption", "Canceling Requests in Progress").</summary>
public sealed partial class ClientLogin
{
    /// <summary>The StartupMessage; null when the connection was a cancel request or the client left.</summary>
    /// <exception cref="LoginException">A protocol version we do not speak, or a malformed packet.</exception>
    private async Task<StartupMessage?> ReadStartupAsync(CancellationToken cancellation)
    {
        if (await Stream.PeekByteAsync(cancellation) == StartupCode.TlsHandshake)
        {
            await BeginWithTlsAsync(cancellation);
        }

        while (true)
        {
            if (await Stream.ReadStartupAsync(StartupMessage.MaximumLength, cancellation) is not { } packet)
            {
                return null;
            }

            switch (packet.Code)
            {
                case StartupCode.SslRequest or StartupCode.GssEncRequest:
                    await AnswerAsync(packet.Code, cancellation);
                    break;
                case StartupCode.CancelRequest:
                    await services.Cancels.RouteAsync(client, packet.Body);
                    return null;
                case var _ when Tls is { IsRequired: true } && !client.IsEncrypted:
                    throw new LoginException("SSL required");
                default:
                    return await CheckVersionAsync(packet.Code, packet.Body, cancellation);
            }
        }
    }

    /// <summary>TLS as it is offered to this client; null: it is not, and never over unix sockets.</summary>
    private ClientTls? Tls => client.Remote is null ? null : services.Tls().Client;

    private async Task AnswerAsync(int request, CancellationToken cancellation)
    {
        if (!Stream.Unread.IsEmpty)
        {
            // Nobody may slip bytes in before the encryption that was asked for (CVE-2021-23222).
            throw new LoginException("received unencrypted data after SSL request");
        }

        if (request == StartupCode.SslRequest && client.IsEncrypted)
        {
            throw new LoginException("SSL req inside SSL");
        }

        if (request == StartupCode.SslRequest && Tls is { } tls)
        {
            await Stream.SendAsync("S"u8.ToArray(), cancellation);
            client.Encryption = await tls.AcceptAsync(Stream.Connection, default, cancellation);
        }
        else
        {
            await Stream.SendAsync("N"u8.ToArray(), cancellation);
        }
    }

    /// <summary>A client that does not ask first (PostgreSQL: "Direct SSL").</summary>
    private async Task BeginWithTlsAsync(CancellationToken cancellation)
    {
        if (Tls is not { } tls)
        {
            throw new IOException("received direct SSL connection request, but TLS is off (client_tls_sslmode)");
        }

        ClientEncryption encryption = await tls.AcceptAsync(Stream.Connection, Stream.TakeUnread(), cancellation);
        client.Encryption = encryption.HasProtocol
            ? encryption
            : throw new IOException("received direct SSL connection request without ALPN protocol negotiation extension");
    }

    private async Task<StartupMessage> CheckVersionAsync(int version, byte[] body, CancellationToken cancellation)
    {
        int major = version >> 16;
        if (major != StartupCode.Version3 >> 16)
        {
            throw new LoginException(
                SqlStates.FeatureNotSupported,
                $"unsupported frontend protocol {major}.{version & 0xffff}: server supports 3.0 to 3.0");
        }

        if (!StartupMessage.TryParse(version, body, out StartupMessage? message, out string error))
        {
            throw new LoginException(error);
        }

        if (message.MinorVersion > 0 || message.ProtocolOptions.Count > 0)
        {
            await Stream.SendAsync(NegotiateProtocolVersion.Build(message.ProtocolOptions), cancellation);
        }

        return message;
    }
}
