using Tigger.Protocol;

namespace Tigger.Sessions;

/// <summary>A client is refused during startup or login; the text goes to the client and the log.</summary>
public sealed class LoginException(string sqlState, string message) : Exception(message)
{
    /// <summary>PgBouncer's SQLSTATE for its own errors.</summary>
    public LoginException(string message)
        : this(SqlStates.ProtocolViolation, message)
    {
    }

    public string SqlState { get; } = sqlState;
}
