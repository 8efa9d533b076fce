using Tigger.Net;

namespace Tigger.Tests.Relay;

/// <summary>A peer that takes what its script says: a count of bytes at most, or a result below zero; then everything.</summary>
internal sealed class ScriptedTransport(params IEnumerable<int> script) : RelayTransport
{
    private readonly Queue<int> _script = new(script);

    /// <summary>All bytes taken so far.</summary>
    public List<byte> Taken { get; } = [];

    /// <summary>From now on everything is taken.</summary>
    public void TakeAll() => _script.Clear();

    public override int Send(ReadOnlySpan<byte> data)
    {
        int count = _script.TryDequeue(out int next) ? Math.Min(next, data.Length) : data.Length;
        Taken.AddRange(data[..Math.Max(0, count)]);
        return count;
    }

    public override int Receive(Span<byte> buffer) => LoopSocket.WouldBlock;

    public override void ShutdownWrite()
    {
    }

    public override void Close()
    {
    }
}
