namespace Tigger.Relay;

/// <summary>
/// The one buffer each thread reads into. Nothing stays in it between two events: what cannot go on is copied to
/// <see cref="PendingBytes"/>, so ten thousand connections share as many buffers as there are threads.
/// </summary>
public static class RelayBuffer
{
    /// <summary>Bytes moved by one read on a linked connection.</summary>
    public const int Size = 64 * 1024;

    /// <summary>Bytes read from a client that has no server yet: the most a waiting client can make us keep.</summary>
    public const int RequestSize = 16 * 1024;

    [ThreadStatic]
    private static byte[]? _buffer;

    public static byte[] ForThisThread() => _buffer ??= GC.AllocateUninitializedArray<byte>(Size, pinned: true);
}
