namespace Tigger.Prepared;

/// <summary>What a message about a prepared statement was, and so what its reply is to the client.</summary>
internal enum StatementChangeKind
{
    /// <summary>A Parse of the client's, sent on: its reply is the client's.</summary>
    Parse,

    /// <summary>A Parse of the client's that the server does not need: in its place went a message answered by CloseComplete.</summary>
    ParseKnown,

    /// <summary>A Parse or Close of our own before a client's message: the client must not see the reply.</summary>
    ParseAhead,
    CloseAhead,

    /// <summary>A Close of our own to make room: the client must not see the reply.</summary>
    Evict,

    /// <summary>A Bind or Describe of the client's, under the server's name: its reply is the client's.</summary>
    Use,

    /// <summary>A Close of the client's, of which only the name is forgotten: the reply to what went in its place is the client's.</summary>
    Close,
}
