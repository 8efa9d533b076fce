namespace Tigger.Mirroring;

/// <summary>
/// Whether a transaction only reads, by its words alone: a function that it calls may write all the same. Where the words leave
/// a doubt it writes.
/// </summary>
internal static class StatementClass
{
    public static bool IsRead(MirrorTransaction transaction)
    {
        SqlTexts texts = new(transaction);
        bool reads = true;
        while (reads && texts.MoveNext())
        {
            reads = IsRead(texts.Current);
        }

        return reads && !texts.HasFunctionCall;
    }

    /// <param name="sql">Any number of statements.</param>
    public static bool IsRead(ReadOnlySpan<byte> sql)
    {
        SqlTokens tokens = new(sql);
        bool begins = true;
        bool afterFor = false;
        Span<byte> word = stackalloc byte[16];
        while (tokens.MoveNext())
        {
            if (tokens.Kind == SqlTokenKind.Semicolon)
            {
                begins = true;
                continue;
            }

            ReadOnlySpan<byte> lower = tokens.Kind == SqlTokenKind.Word ? Lower(tokens.Text, word) : default;
            if (tokens.Kind == SqlTokenKind.Other && begins && tokens.Text is [(byte)'(', ..])
            {
                // (SELECT ...) UNION ...
                continue;
            }

            if ((begins && !MayBegin(lower)) || Writes(lower) || (afterFor && Locks(lower)))
            {
                return false;
            }

            begins = false;
            afterFor = lower.SequenceEqual("for"u8);
        }

        return true;
    }

    private static ReadOnlySpan<byte> Lower(ReadOnlySpan<byte> text, Span<byte> space)
    {
        // No word that matters is longer.
        int length = Math.Min(text.Length, space.Length);
        System.Text.Ascii.ToLower(text[..length], space, out int written);
        return space[..written];
    }

    private static bool MayBegin(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("select"u8) || word.SequenceEqual("with"u8) || word.SequenceEqual("values"u8)
        || word.SequenceEqual("table"u8) || word.SequenceEqual("show"u8) || word.SequenceEqual("explain"u8)
        || word.SequenceEqual("declare"u8) || word.SequenceEqual("fetch"u8) || word.SequenceEqual("move"u8)
        || word.SequenceEqual("close"u8) || word.SequenceEqual("set"u8) || word.SequenceEqual("reset"u8)
        || word.SequenceEqual("discard"u8) || word.SequenceEqual("deallocate"u8)
        || word.SequenceEqual("begin"u8) || word.SequenceEqual("start"u8) || word.SequenceEqual("commit"u8)
        || word.SequenceEqual("end"u8) || word.SequenceEqual("rollback"u8) || word.SequenceEqual("abort"u8)
        || word.SequenceEqual("savepoint"u8) || word.SequenceEqual("release"u8);

    /// <summary>Anywhere: behind WITH and EXPLAIN ANALYZE, and in SELECT INTO.</summary>
    private static bool Writes(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("insert"u8) || word.SequenceEqual("update"u8) || word.SequenceEqual("delete"u8)
        || word.SequenceEqual("merge"u8) || word.SequenceEqual("into"u8) || word.SequenceEqual("create"u8)
        || word.SequenceEqual("execute"u8);

    private static bool Locks(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("share"u8) || word.SequenceEqual("no"u8) || word.SequenceEqual("key"u8);
}
