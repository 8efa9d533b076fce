using Tigger.Auth;

namespace Tigger.Pooling;

/// <summary>A user as auth_query knows it.</summary>
/// <param name="Name">The first column: the name under which the client goes on.</param>
/// <param name="Secret">The second; <see cref="SecretKind.None"/> for NULL, with which nobody can log in.</param>
internal sealed record AuthQueryRow(string Name, UserSecret Secret);
