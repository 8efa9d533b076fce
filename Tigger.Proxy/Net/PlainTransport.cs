namespace Tigger.Net;

/// <summary>A connection without encryption: each call is one system call.</summary>
public sealed class PlainTransport(LoopSocket socket) : RelayTransport
{
    public override int Receive(Span<byte> buffer) => socket.Receive(buffer);

    public override int Send(ReadOnlySpan<byte> data) => socket.Send(data);

    public override void ShutdownWrite() => socket.ShutdownWrite();

    public override void Close() => socket.Close();
}
