using Tigger.Protocol;
using Tigger.Relay;

namespace Tigger.Tests.Relay;

/// <summary>Feeds pieces of a stream to the walker as a session does: what it leaves is presented again with what follows.</summary>
internal sealed class ReplyWalk(RecordingSink sink, int maximumMessage = int.MaxValue)
{
    private MessageFramer _framer = new(maximumMessage);

    public List<byte> Forwarded { get; } = [];

    public byte[] Held { get; private set; } = [];

    public bool IsValid { get; private set; } = true;

    /// <summary>Walks the data cut at the given sizes, the last of which repeats; stops at a violation.</summary>
    public ReplyWalk Feed(byte[] data, int[] pieces)
    {
        int at = 0;
        for (int i = 0; at < data.Length && IsValid; i++)
        {
            int size = Math.Min(pieces[i % pieces.Length], data.Length - at);
            Feed(data.AsSpan(at, size));
            at += size;
        }

        return this;
    }

    private void Feed(ReadOnlySpan<byte> piece)
    {
        byte[] buffer = [.. Held, .. piece];
        int done = ReplyWalker.Walk(ref _framer, maximumMessage, buffer, sink, out bool valid);
        IsValid = valid;
        Forwarded.AddRange(buffer.AsSpan(0, done));
        Held = buffer[done..];
    }
}
