using System.Buffers.Text;

namespace Tigger.Protocol;

/// <summary>What the tags of CommandComplete tell.</summary>
public static class CommandTag
{
    private static ReadOnlySpan<byte> DeallocateAll => "DEALLOCATE ALL\0"u8;

    private static ReadOnlySpan<byte> DiscardAll => "DISCARD ALL\0"u8;

    /// <summary>The session's prepared statements are all gone.</summary>
    /// <param name="body">Of CommandComplete, with its zero.</param>
    public static bool EndsStatements(ReadOnlySpan<byte> body) => body.SequenceEqual(DeallocateAll) || body.SequenceEqual(DiscardAll);

    /// <summary>Rows sent or changed: the number at the end; 0: there is none. Twin of tg_reply_rows in tg_walk.h.</summary>
    /// <param name="body">Of CommandComplete, with its zero.</param>
    public static long Rows(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> tag = body[..^(body.IsEmpty ? 0 : 1)];
        return Utf8Parser.TryParse(tag[(tag.LastIndexOf((byte)' ') + 1)..], out long rows, out _) ? rows : 0;
    }
}
