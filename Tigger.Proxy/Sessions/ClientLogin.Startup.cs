using Tigger.Protocol;

namespace Tigger.Sessions;

/// <summary>The first packets of a connection (PostgreSQL: "Start-up", "SSL Session Encryption", "Canceling Requests in Progress").</summary>
public sealed partial class ClientLogin
{
    /// <summary>The StartupMessage; null when the connection was a cancel request or the client left.</summary>
    /// <exception cref="LoginException">A protocol version we do not speak, or a malformed packet.</exception>
    private async Task<StartupMessage?> ReadStartupAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (await Stream.ReadStartupAsync(StartupMessage.MaximumLength, cancellation) is not { } packet)
            {
                return null;
            }

            switch (packet.Code)
            {
                case StartupCode.SslRequest or StartupCode.GssEncRequest:
                    if (!Stream.Unread.IsEmpty)
                    {
                        // Nobody may slip bytes in before the encryption that was asked for (CVE-2021-23222).
                        throw new LoginException("received unencrypted data after SSL request");
                    }

                    await Stream.SendAsync("N"u8.ToArray(), cancellation);
                    break;
                case StartupCode.CancelRequest:
                    await services.Cancels.RouteAsync(client, packet.Body);
                    return null;
                default:
                    return await CheckVersionAsync(packet.Code, packet.Body, cancellation);
            }
        }
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
