using Tigger.Protocol;

namespace Tigger.Sessions;

/// <summary>
/// Why a session ends. <see cref="Text"/> goes to the log and, with <see cref="SqlState"/>, to a client that is still there.
/// </summary>
public sealed record SessionEndReason(string SqlState, string Text, bool TellClient = true)
{
    public static readonly SessionEndReason ClientClosed = new("", "client close request", TellClient: false);
    public static readonly SessionEndReason ClientVanished = new("", "client unexpected eof", TellClient: false);
    public static readonly SessionEndReason ServerCrashed = Pooler("server conn crashed?");
    public static readonly SessionEndReason ServerSaidWhy = new("", "server closed the connection", TellClient: false);
    public static readonly SessionEndReason ServerProtocol = Pooler("server broke the protocol");
    public static readonly SessionEndReason InvalidParameter = Pooler("invalid server parameter");
    public static readonly SessionEndReason TransactionInStatementMode =
        Pooler("transaction blocks not allowed in statement pooling mode");

    /// <summary>In the middle of a message there is no way to tell the client.</summary>
    public static readonly SessionEndReason ReplyCut = new("", "no memory for the whole of a message", TellClient: false);

    public static readonly SessionEndReason BadMessage = Pooler("bad packet");
    public static readonly SessionEndReason TooManyRequests = Pooler("too many outstanding requests");
    public static readonly SessionEndReason StatementMissing = Pooler("prepared statement did not exist");
    public static readonly SessionEndReason StatementExists = Pooler("prepared statement name is already in use");
    public static readonly SessionEndReason TooManyStatements = new(SqlStates.ProgramLimitExceeded, "prepared statements take too much memory");

    /// <summary>Which of the client's Syncs that COPY has swallowed cannot be known, and so not which reply is whose.</summary>
    public static readonly SessionEndReason UnclearCopy = Pooler("prepared statement used while the end of a failed COPY is unclear");

    public static readonly SessionEndReason SimpleQueryDisabled = Pooler("PQexec disallowed");
    public static readonly SessionEndReason QueryWaitTimeout = Pooler("query_wait_timeout");
    public static readonly SessionEndReason QueryTimeout = Pooler("query timeout");

    /// <summary>The same while the client waits for a server; PgBouncer spells them differently.</summary>
    public static readonly SessionEndReason QueryTimeoutInQueue = Pooler("query_timeout");
    public static readonly SessionEndReason IdleTransactionTimeout = Pooler("idle transaction timeout");
    public static readonly SessionEndReason TransactionTimeout = Pooler("transaction timeout");
    public static readonly SessionEndReason ClientIdleTimeout = Pooler("client_idle_timeout");
    public static readonly SessionEndReason NoSlot = Pooler("no more connections allowed (slots of the kernel path)");
    public static readonly SessionEndReason SuspendTimeout = Pooler("suspend_timeout");
    public static readonly SessionEndReason Killed = Pooler("admin forced disconnect");
    public static readonly SessionEndReason DatabaseChanged = Pooler("database configuration changed");
    public static readonly SessionEndReason DatabaseRemoved = Pooler("database removed");
    public static readonly SessionEndReason ShuttingDown = Pooler("pooler is shutting down");

    /// <summary>PostgreSQL's own words when an administrator ends a session: drivers know what to do about it.</summary>
    public static readonly SessionEndReason Drained =
        new(SqlStates.AdminShutdown, "terminating connection due to administrator command");

    /// <summary>Another process goes on with the connection.</summary>
    public static readonly SessionEndReason TakenOver = new("", "taken over by the new process", TellClient: false);

    public static readonly SessionEndReason ServersShuttingDown = Pooler("server shutting down");

    /// <summary>PgBouncer's SQLSTATE for errors of the pooler itself.</summary>
    public static SessionEndReason Pooler(string text) => new(SqlStates.ProtocolViolation, text);
}
