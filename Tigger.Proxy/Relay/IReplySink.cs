namespace Tigger.Relay;

/// <summary>Hears of the messages a server sent, in order.</summary>
public interface IReplySink
{
    /// <summary>A message began; called once, as soon as its header is complete. False stops the walk: protocol violation.</summary>
    bool OnMessage(byte type);

    /// <summary>A message that <see cref="ReplyWalker.IsWanted"/> asks for is complete.</summary>
    /// <param name="at">Where it begins, its type byte included, in the data of this walk.</param>
    bool OnWholeMessage(byte type, ReadOnlySpan<byte> body, int at);
}
