using Tigger.Protocol;

namespace Tigger.Pooling;

/// <summary>A server could not be opened: unreachable, or PostgreSQL refused the login.</summary>
public sealed class ServerLoginException(ErrorFields error, Exception? cause = null)
    : Exception($"{error.SqlState}: {error.Message}", cause)
{
    /// <summary>PostgreSQL's own error, or one that says why it could not be reached (SQLSTATE 08006).</summary>
    public ErrorFields Error { get; } = error;
}
