using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tigger.Benchmarks.Report;

/// <summary>A client that logs in by trust and can ask one thing: pgbench cannot be idle, and ends when a connection breaks.</summary>
internal sealed class BareClient : IDisposable
{
    private const int ProtocolVersion = 196608;

    private static readonly byte[] Query = Message('Q', "SELECT 1\0");

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[2048];

    public static async Task<BareClient> ConnectAsync(int port, CancellationToken cancellation)
    {
        BareClient client = new();
        try
        {
            await client._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
            await client._socket.SendAsync(Startup(), cancellation);
            await client.ReadToReadyAsync(cancellation);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>One query and its whole answer.</summary>
    /// <exception cref="IOException">The connection is gone, or the answer is an error.</exception>
    public async Task AskAsync(CancellationToken cancellation)
    {
        await _socket.SendAsync(Query, cancellation);
        await ReadToReadyAsync(cancellation);
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReadToReadyAsync(CancellationToken cancellation)
    {
        int filled = 0;
        while (true)
        {
            int read = await _socket.ReceiveAsync(_buffer.AsMemory(filled), cancellation);
            if (read == 0)
                throw new IOException("closed by the other side");
            filled += read;
            int at = 0;
            while (filled - at >= 5 && filled - at > BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(at + 1)))
            {
                if (_buffer[at] == 'E')
                    throw new IOException("answered by an error");
                if (_buffer[at] == 'Z')
                    return;
                at += 1 + BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(at + 1));
            }

            _buffer.AsSpan(at, filled - at).CopyTo(_buffer);
            filled -= at;
        }
    }

    private static byte[] Startup()
    {
        byte[] parameters = Encoding.ASCII.GetBytes($"user\0{BenchmarkServers.User}\0database\0{BenchmarkServers.Database}\0\0");
        byte[] message = new byte[8 + parameters.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), ProtocolVersion);
        parameters.CopyTo(message, 8);
        return message;
    }

    private static byte[] Message(char type, string body)
    {
        byte[] message = new byte[5 + body.Length];
        message[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), 4 + body.Length);
        Encoding.ASCII.GetBytes(body, message.AsSpan(5));
        return message;
    }
}
