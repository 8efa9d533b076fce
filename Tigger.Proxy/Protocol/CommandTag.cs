namespace Tigger.Protocol;

/// <summary>The tags of CommandComplete that tell of prepared statements.</summary>
public static class CommandTag
{
    private static ReadOnlySpan<byte> DeallocateAll => "DEALLOCATE ALL\0"u8;

    private static ReadOnlySpan<byte> DiscardAll => "DISCARD ALL\0"u8;

    /// <summary>Whether a body of this length may be one of <see cref="EndsStatements"/>.</summary>
    public static bool MayEndStatements(int bodyLength) => bodyLength == DeallocateAll.Length || bodyLength == DiscardAll.Length;

    /// <summary>The session's prepared statements are all gone.</summary>
    /// <param name="body">Of CommandComplete, with its zero.</param>
    public static bool EndsStatements(ReadOnlySpan<byte> body) => body.SequenceEqual(DeallocateAll) || body.SequenceEqual(DiscardAll);
}
