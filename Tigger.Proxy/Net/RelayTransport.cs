namespace Tigger.Net;

/// <summary>
/// What logins and the relay read from and write to: protocol bytes of one connection, never blocking. Encryption, where there is
/// any, happens behind it. Results are those of <see cref="LoopSocket.Receive"/>: a count, 0 for the end of the stream,
/// <see cref="LoopSocket.WouldBlock"/>, or another negated error number.
/// </summary>
public abstract class RelayTransport
{
    /// <summary>Whether the last <see cref="Receive"/> may have left something of which no event will tell, though it was short.</summary>
    public virtual bool MayHaveMore => false;

    public abstract int Receive(Span<byte> buffer);

    /// <summary>After <see cref="LoopSocket.WouldBlock"/>, or a count that is short, the next call begins with the bytes not taken.</summary>
    public abstract int Send(ReadOnlySpan<byte> data);

    /// <summary>Says that nothing more will be sent. To be called when everything was taken.</summary>
    public abstract void ShutdownWrite();

    /// <summary>Closes the connection's socket.</summary>
    public abstract void Close();
}
