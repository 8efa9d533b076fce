namespace Tigger.Relay;

/// <summary>
/// What the relay reads from and writes to: protocol bytes of one connection, never blocking. Encryption, where there is any,
/// happens behind it. Results are those of <see cref="Net.LoopSocket.Receive"/>: a count, 0 for the end of the stream,
/// <see cref="Net.LoopSocket.WouldBlock"/>, or another negated error number.
/// </summary>
public abstract class RelayTransport
{
    public abstract int Receive(Span<byte> buffer);

    public abstract int Send(ReadOnlySpan<byte> data);
}
