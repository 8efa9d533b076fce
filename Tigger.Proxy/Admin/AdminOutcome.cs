using Tigger.Protocol;

namespace Tigger.Admin;

/// <summary>What came of a statement; how it goes to the client depends on the protocol in use.</summary>
public sealed record AdminOutcome
{
    private AdminOutcome()
    {
    }

    /// <summary>The command tag; null when the statement failed or was empty.</summary>
    public string? Tag { get; private init; }

    public ResultTable? Rows { get; private init; }

    /// <summary>A complete NoticeResponse to send before.</summary>
    public byte[]? Notice { get; private init; }

    public string? Error { get; private init; }

    /// <summary>SQLSTATE of <see cref="Error"/>.</summary>
    public string SqlState { get; private init; } = SqlStates.ProtocolViolation;

    /// <summary>There was nothing to do (EmptyQueryResponse).</summary>
    public static AdminOutcome Empty { get; } = new();

    public static AdminOutcome Done(string tag, byte[]? notice = null) => new() { Tag = tag, Notice = notice };

    public static AdminOutcome Shown(ResultTable rows, string tag = "SHOW") => new() { Tag = tag, Rows = rows };

    /// <summary>PgBouncer gives nearly all its errors the SQLSTATE for protocol violations.</summary>
    public static AdminOutcome Failed(string error, string sqlState = SqlStates.ProtocolViolation) =>
        new() { Error = error, SqlState = sqlState };
}
