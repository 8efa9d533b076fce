namespace Tigger.Prepared;

/// <summary>One message about a named statement whose reply has not come yet.</summary>
/// <param name="Statement">Null: the client closes a name it has not prepared.</param>
/// <param name="Name">The client's name for it; null when the client has no part in this.</param>
/// <param name="Server">What the server knows of it; null when nothing depends on the outcome there.</param>
internal readonly record struct StatementChange(
    StatementChangeKind Kind, PreparedStatement? Statement, byte[]? Name = null, ServerStatement? Server = null);
