using Tigger.Auth;

namespace Tigger.Sessions;

/// <summary>The user a client says it is, as far as it is known.</summary>
/// <param name="Name">The name under which it goes on: as given, or as auth_query spells it.</param>
/// <param name="Secret">Null: nobody knows such a user.</param>
/// <param name="IsDynamic">Found by auth_query.</param>
/// <param name="IsCached">By a run that began before this login.</param>
internal sealed record FoundUser(string Name, UserSecret? Secret, bool IsDynamic = false, bool IsCached = false);
