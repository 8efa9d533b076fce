namespace Tigger.Protocol;

/// <summary>What the server owes for one client message, as <see cref="ReplyLedger"/> tells them apart.</summary>
internal enum ReplyKind
{
    /// <summary>Query or FunctionCall: any replies, then one ReadyForQuery whether it failed or not.</summary>
    Query,

    /// <summary>Parse, Bind, Describe, Execute or Close: one completion; an error makes the server skip to the next Sync.</summary>
    Extended,

    /// <summary>An extended message about a named statement, which callers keep a record of, one for each.</summary>
    Statement,

    /// <summary>Sync: one ReadyForQuery, possibly after an ErrorResponse of the commit.</summary>
    Sync,

    /// <summary>CopyDone or CopyFail: owes nothing, but tells which Syncs a COPY ahead of it swallows.</summary>
    CopyEnd,
}
