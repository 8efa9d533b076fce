using Tigger.Auth;

namespace Tigger.Pooling;

/// <summary>
/// What a client's login has shown about its user, where auth_file does not say it: with this Tigger logs into PostgreSQL in the
/// user's name.
/// </summary>
/// <param name="Secret">As auth_query gave it, or the password that PAM or LDAP found right.</param>
/// <param name="ClientKey">The key the client proved by SCRAM to have; null: it logged in otherwise.</param>
internal sealed record LearntLogin(UserSecret Secret, byte[]? ClientKey)
{
    /// <summary>Both have the same SCRAM secret.</summary>
    public bool HasSecretOf(LearntLogin other) =>
        Secret.Scram is { } mine && other.Secret.Scram is { } theirs && mine.StoredKey.AsSpan().SequenceEqual(theirs.StoredKey);

    /// <summary>A login into PostgreSQL by SCRAM; null: what is known is not enough for one.</summary>
    public ScramClientExchange? CreateClientExchange() => (Secret, ClientKey) switch
    {
        ({ Plain: { } password }, _) => new ScramClientExchange(password),
        ({ Scram: { } scram }, { } key) => new ScramClientExchange(key, scram.ServerKey),
        _ => null,
    };
}
