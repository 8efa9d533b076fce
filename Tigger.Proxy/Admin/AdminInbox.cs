using Tigger.Net;
using Tigger.Protocol;

namespace Tigger.Admin;

/// <summary>
/// The messages of a console client. While a command waits it reads on, so that a client that goes away ends the wait; what
/// arrives meanwhile is kept for later.
/// </summary>
internal sealed class AdminInbox(MessageStream stream, Task stop)
{
    /// <summary>Bytes of the longest statement.</summary>
    private const int LongestMessage = 64 * 1024;

    /// <summary>Messages kept at most; with more the reading pauses, and with it the watch for the end of the connection.</summary>
    private const int MostKept = 64;

    private readonly Queue<(byte Type, byte[] Body)> _kept = new();

    // Never cancelled, only left alone: a read that was cancelled might take the socket's next event with it.
    private Task<(byte Type, byte[] Body)?>? _reading;
    private bool _ended;

    /// <summary>Gets the CopyData of a client that answers while a command runs; null: nobody does.</summary>
    public Func<byte[], Task>? Answers { get; set; }

    /// <summary>The next message; null when the client has left or the session is told to stop.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="InvalidDataException">It is not the protocol.</exception>
    public async Task<(byte Type, byte[] Body)?> NextAsync()
    {
        while (_kept.Count == 0 && !_ended && !stop.IsCompleted)
        {
            await Task.WhenAny(Reading, stop);
            if (Reading.IsCompleted)
            {
                await TakeAsync();
            }
        }

        return stop.IsCompleted || _kept.Count == 0 ? null : _kept.Dequeue();
    }

    /// <summary>Waits for a command. False: the client left, or the session is told to stop, before the command ended.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task<bool> StaysUntilAsync(Task command)
    {
        while (!command.IsCompleted)
        {
            if (_ended || stop.IsCompleted)
            {
                return false;
            }

            if (_kept.Count >= MostKept)
            {
                await Task.WhenAny(command, stop);
                continue;
            }

            await Task.WhenAny(command, stop, Reading);
            if (Reading.IsCompleted)
            {
                await TakeAsync();
            }
        }

        return true;
    }

    private Task<(byte Type, byte[] Body)?> Reading =>
        _reading ??= stream.ReadMessageAsync(LongestMessage, CancellationToken.None).AsTask();

    private async Task TakeAsync()
    {
        (byte Type, byte[] Body)? message = await Reading;
        _reading = null;
        if (message is not { Type: not FrontendCode.Terminate } kept)
        {
            _ended = true;
        }
        else if (kept.Type == FrontendCode.CopyData && Answers is { } answers)
        {
            await answers(kept.Body);
        }
        else
        {
            _kept.Enqueue(kept);
        }
    }
}
