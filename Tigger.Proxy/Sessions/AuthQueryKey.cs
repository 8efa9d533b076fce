namespace Tigger.Sessions;

/// <summary>What the answer of auth_query depends on.</summary>
internal readonly record struct AuthQueryKey(string Database, string AuthUser, string Query, string User);
