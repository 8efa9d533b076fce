using Tigger.Auth;
using Tigger.Pooling;

namespace Tigger.Takeover;

/// <summary>With what servers are opened in a user's name, as far as it is not in the files.</summary>
/// <param name="Password">Found right by PAM or LDAP, or an answer of auth_query; null: a SCRAM secret, or in the files.</param>
/// <param name="Scram">Iterations, salt, stored key and server key of an answer of auth_query.</param>
/// <param name="ClientKey">Proved by SCRAM.</param>
internal sealed record MovedLogin(string? Password, MovedScram? Scram, byte[]? ClientKey)
{
    public static MovedLogin? From(LearntLogin? learnt, byte[]? clientKey) => (learnt, clientKey) switch
    {
        ({ } login, _) => new MovedLogin(
            login.Secret.Plain ?? login.Secret.Md5,
            login.Secret.Scram is { } scram ? new MovedScram(scram.Iterations, scram.Salt, scram.StoredKey, scram.ServerKey) : null,
            login.ClientKey),
        (null, { } key) => new MovedLogin(null, null, key),
        _ => null,
    };

    /// <summary>Null: the secret itself is in the files.</summary>
    public LearntLogin? ToLearnt() => (Password, Scram) switch
    {
        ({ } password, _) => new LearntLogin(Md5Password.IsHash(password) ? UserSecret.Parse(password) : UserSecret.OfPassword(password), null),
        (_, { } scram) => new LearntLogin(
            UserSecret.OfScram(new ScramSecret(scram.Iterations, scram.Salt, scram.StoredKey, scram.ServerKey)), ClientKey),
        _ => null,
    };
}

/// <summary>The parts of a <see cref="ScramSecret"/>.</summary>
internal sealed record MovedScram(int Iterations, byte[] Salt, byte[] StoredKey, byte[] ServerKey);
