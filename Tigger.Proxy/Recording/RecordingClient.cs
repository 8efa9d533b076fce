using Tigger.Net;
using Tigger.Pooling;
using Tigger.Protocol;

namespace Tigger.Recording;

/// <summary>Asks the console of a Tigger for a recording and writes it to a file.</summary>
internal sealed class RecordingClient : ISocketHandler
{
    private const int BufferLength = 64 * 1024;

    private readonly ServerConnection _console;
    private readonly AsyncSignal _event = new();
    private MessageFramer _framer;

    private RecordingClient(ServerConnection console)
    {
        _console = console;
        console.Socket.Handler = this;
        _event.Set();
    }

    /// <summary>Bytes of the recording so far.</summary>
    public long Written { get; private set; }

    /// <exception cref="ServerLoginException">The console cannot be reached, or lets nobody in.</exception>
    public static async Task<RecordingClient> ConnectAsync(ToolPool pool)
    {
        DatabaseState target = pool.Registry.FindDatabase(pool.Target.Name)!;
        string user = pool.Target.User ?? Environment.UserName;
        return new RecordingClient(await pool.Registry.Connector.ConnectAsync(pool.Registry.GetPoolOf(target, user), null));
    }

    /// <summary>Records until the time is over.</summary>
    /// <exception cref="IOException">The connection broke, or the console refused.</exception>
    public async Task RunAsync(string database, Stream output, CancellationToken end)
    {
        byte[] request = QueryMessage.Build($"RECORD \"{database.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        if (_console.Transport.Send(request) != request.Length)
        {
            throw new IOException("the console closed the connection");
        }

        byte[] buffer = new byte[BufferLength];
        try
        {
            while (true)
            {
                int count = _console.Transport.Receive(buffer);
                if (count == LoopSocket.WouldBlock)
                {
                    await _event.WaitAsync(end);
                    continue;
                }

                if (count <= 0)
                {
                    throw new IOException("the console closed the connection");
                }

                Take(buffer.AsSpan(0, count), output);
                end.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            // Whole records were written but perhaps for the last, which is cut when it is read.
            _console.Close(sayGoodbye: true);
        }
    }

    public void OnReady(SocketEvents events) => _event.Set();

    private void Take(ReadOnlySpan<byte> data, Stream output)
    {
        int offset = 0;
        while (true)
        {
            int start = offset;
            FrameEvent what = _framer.Next(data, ref offset);
            if (what is FrameEvent.NeedMore or FrameEvent.End && _framer.Type == BackendCode.CopyData && !_framer.InHeader)
            {
                output.Write(data[start..offset]);
                Written += offset - start;
            }
            else if (what == FrameEvent.Message && _framer.Type == BackendCode.ErrorResponse)
            {
                string reason = data.Length - offset >= _framer.BodyLength
                    ? ErrorFields.Parse(data.Slice(offset, _framer.BodyLength)).Message
                    : "the console refused";
                throw new IOException(reason);
            }
            else if (what == FrameEvent.Invalid)
            {
                throw new IOException("the console broke the protocol");
            }

            if (what == FrameEvent.NeedMore)
            {
                return;
            }
        }
    }
}
