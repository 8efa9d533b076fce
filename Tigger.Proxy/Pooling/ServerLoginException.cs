using Tigger.Protocol;

namespace Tigger.Pooling;

/// <summary>A server could not be opened: unreachable, or PostgreSQL refused the login.</summary>
public sealed class ServerLoginException(ErrorFields error, Exception? cause = null)
    : Exception($"{error.SqlState}: {error.Message}", cause)
{
    /// <summary>PostgreSQL's own error, or one that says why it could not be reached (SQLSTATE 08006).</summary>
    public ErrorFields Error { get; } = error;

    /// <summary>
    /// It could not be reached or does not serve now, or not one more (SQLSTATE class 57P, 53): another host of the list may do
    /// better.
    /// </summary>
    public bool IsOfThisHost { get; init; } =
        error.SqlState.StartsWith("57P", StringComparison.Ordinal) || error.SqlState.StartsWith("53", StringComparison.Ordinal);

    /// <summary>
    /// Nothing was heard of PostgreSQL: as it starts, its clients may well wait for it. What it says itself they are told at once.
    /// </summary>
    public bool IsUnreachable { get; init; }

    /// <summary>It serves, but is not what <c>target_session_attrs</c> asks for.</summary>
    public bool IsMisfit { get; init; }
}
