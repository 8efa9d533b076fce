namespace Tigger.Protocol;

/// <summary>
/// What command tags and column names say about the session (PostgreSQL: "Message Formats", CommandComplete; cmdtaglist.h).
/// The kernel path sends the same ones up: twin of tg_is_trace in tg_walk.h.
/// </summary>
public static class TraceTags
{
    private static readonly byte[][] Cleaning =
    [
        "RESET"u8.ToArray(), "UNLISTEN"u8.ToArray(), "DEALLOCATE"u8.ToArray(), "CLOSE CURSOR"u8.ToArray(), "DROP "u8.ToArray(),
        "DISCARD "u8.ToArray(),
    ];

    /// <summary>The tag in the body of a CommandComplete.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> body) => body.IsEmpty || body[^1] != 0 ? body : body[..^1];

    /// <param name="tag">As sent.</param>
    /// <param name="inBlock">A transaction block is open.</param>
    /// <param name="previous">Type of the message before.</param>
    public static SessionTrace TraceOf(ReadOnlySpan<byte> tag, bool inBlock, byte previous)
    {
        if (tag.SequenceEqual("SET"u8))
        {
            return inBlock ? SessionTrace.SettingInBlock : SessionTrace.Setting;
        }

        if (tag.SequenceEqual("PREPARE"u8))
        {
            return SessionTrace.Statement;
        }

        if (tag.SequenceEqual("LISTEN"u8))
        {
            return SessionTrace.Channel;
        }

        if (tag.SequenceEqual("DECLARE CURSOR"u8))
        {
            return SessionTrace.Cursor;
        }

        // CREATE TABLE AS and SELECT INTO say SELECT, too, but send no rows.
        bool isSilentSelect = tag.StartsWith("SELECT"u8) && previous is not (BackendCode.DataRow or BackendCode.RowDescription);
        return isSilentSelect || tag.SequenceEqual("CREATE TABLE"u8) || tag.SequenceEqual("CREATE VIEW"u8) || tag.SequenceEqual("CREATE SEQUENCE"u8)
            ? SessionTrace.Relation
            : SessionTrace.None;
    }

    /// <summary>Whether a command with this tag undoes something that a session may have left.</summary>
    public static bool MayClean(ReadOnlySpan<byte> tag)
    {
        foreach (byte[] start in Cleaning)
        {
            if (tag.StartsWith(start))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What a query calls, by the name of its first column, which is the function's unless the query renames it.</summary>
    /// <param name="body">Of a RowDescription.</param>
    public static SessionTrace TraceOfColumns(ReadOnlySpan<byte> body)
    {
        const int ColumnCountSize = 2;
        if (body.Length <= ColumnCountSize)
        {
            return SessionTrace.None;
        }

        ReadOnlySpan<byte> name = body[ColumnCountSize..];
        return name.StartsWith("pg_advisory_lock"u8) || name.StartsWith("pg_try_advisory_lock"u8) ? SessionTrace.Lock
            : name.StartsWith("set_config\0"u8) ? SessionTrace.Configuration
            : SessionTrace.None;
    }

    /// <summary>Whether the query gives an advisory lock back.</summary>
    public static bool MayUnlock(ReadOnlySpan<byte> body) => body.Length > 2 && body[2..].StartsWith("pg_advisory_unlock"u8);
}
