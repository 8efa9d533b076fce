using System.Buffers.Binary;
using System.Net;
using Tigger.Config;
using Tigger.Net;
using Tigger.Protocol;

namespace Tigger.Pooling;

/// <summary>Connections to other poolers of the group, which carry a cancel request and nothing else.</summary>
public sealed partial class ServerConnector
{
    /// <summary>A connection to a peer, encrypted as those to PostgreSQL are: the key that goes over it is a secret.</summary>
    /// <exception cref="IOException">It cannot be reached, or has no TLS where it is required.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">Its name cannot be resolved.</exception>
    internal async Task<MessageStream> ConnectToPeerAsync(PeerConfig peer, TiggerConfig config, CancellationToken cancellation)
    {
        IReadOnlyList<EndPoint> addresses = await Hosts.ResolveAsync(peer.Host[0], peer.Port, cancellation);
        EndPoint address = addresses[0];
        MessageStream stream = await OpenAsync(SocketFactory.Connect(address), address, SocketOptions.From(config), cancellation);
        try
        {
            await ServerTlsNegotiation.RunAsync(stream, address, peer.Host[0], Tls().Server, null, cancellation);
            return stream;
        }
        catch
        {
            stream.Connection.Transport.Close();
            throw;
        }
    }

    /// <summary>Sends a cancel request with the key of a peer's client; returns when the peer has dealt with it.</summary>
    internal static async Task DeliverCancelAsync(MessageStream peer, byte[] key, CancellationToken cancellation)
    {
        const int ProcessIdLength = 4;
        byte[] request = CancelRequest.Build(BinaryPrimitives.ReadInt32BigEndian(key), key.AsSpan(ProcessIdLength));
        try
        {
            await DeliverAsync(peer, request, cancellation);
        }
        finally
        {
            peer.Connection.Transport.Close();
        }
    }
}
