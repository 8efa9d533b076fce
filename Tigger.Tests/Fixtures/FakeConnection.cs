using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Tigger.Tests.Fixtures;

/// <summary>One connection to <see cref="FakePostgres"/>, seen by its script.</summary>
public sealed class FakeConnection(Socket socket) : IDisposable
{
    private const int SslRequestCode = 80877103;
    private const int GssEncRequestCode = 80877104;

    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private readonly CancellationTokenSource _closed = new();

    /// <summary>Reads the startup packet, refusing encryption first if asked; returns it whole.</summary>
    public async Task<string> ReadStartupAsync()
    {
        while (true)
        {
            var packet = await ReadAsync(BinaryPrimitives.ReadInt32BigEndian(await ReadAsync(4)) - 4);
            if (BinaryPrimitives.ReadInt32BigEndian(packet) is not (SslRequestCode or GssEncRequestCode))
                return Encoding.UTF8.GetString(packet, 4, packet.Length - 4);
            await SendAsync("N"u8.ToArray());
        }
    }

    /// <summary>Reads the startup packet and lets anybody in.</summary>
    public async Task LoginAsync()
    {
        await ReadStartupAsync();
        await SendAsync(Frontend.Concat(
            Backend.AuthenticationOk,
            Backend.ParameterStatus("server_version", "15.0"),
            Backend.ParameterStatus("client_encoding", "UTF8"),
            Backend.ParameterStatus("server_encoding", "UTF8"),
            Backend.ParameterStatus("standard_conforming_strings", "on"),
            Backend.ParameterStatus("DateStyle", "ISO, MDY"),
            Backend.ParameterStatus("TimeZone", "GMT"),
            Backend.ParameterStatus("IntervalStyle", "postgres"),
            Backend.ParameterStatus("application_name", ""),
            Backend.KeyData(),
            Backend.Ready()));
    }

    /// <summary>The next message; Terminate ends the script, as it ends a backend.</summary>
    public async Task<BackendMessage> ReadMessageAsync()
    {
        var header = await ReadAsync(5);
        var body = await ReadAsync(BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1)) - 4);
        return header[0] == 'X' ? throw new IOException("terminated") : new((char)header[0], body);
    }

    /// <summary>
    /// Skips what the pooler sends of its own accord (SET of tracked parameters, check queries), answering it, up to the
    /// query with the given text.
    /// </summary>
    public async Task ReadQueryAsync(string sql)
    {
        while (true)
        {
            var message = await ReadMessageAsync();
            if (message.Type == 'Q' && message.Text() == sql)
                return;
            if (message.Type == 'Q')
                await SendAsync(Frontend.Concat(message.Text() is "" or ";" ? Backend.EmptyQueryResponse : Backend.Complete("SET"), Backend.Ready()));
        }
    }

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes, _closed.Token);

    public async Task SendSlowlyAsync(byte[] bytes, TimeSpan pause)
    {
        socket.NoDelay = true;
        foreach (var one in bytes)
        {
            await SendAsync([one]);
            await Task.Delay(pause, _closed.Token);
        }
    }

    /// <summary>Does nothing until the other side hangs up.</summary>
    public async Task HangAsync()
    {
        var sink = new byte[1024];
        while (await _stream.ReadAsync(sink, _closed.Token) > 0)
        {
            // Swallow whatever is said.
        }
    }

    public void Dispose()
    {
        _closed.Cancel();
        _stream.Dispose();
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes, _closed.Token);
        return bytes;
    }
}
