using Tigger.Pooling;

namespace Tigger.Sessions;

/// <summary>A client that has proved who it is.</summary>
/// <param name="Name">The user it goes on as.</param>
/// <param name="Learnt">What its login showed that auth_file does not say; null: nothing.</param>
internal sealed record ProvedUser(string Name, LearntLogin? Learnt);
