namespace Tigger.Auth;

/// <summary>What is stored for one user, in a user list or in <c>pg_authid.rolpassword</c>.</summary>
public sealed class UserSecret
{
    private UserSecret(SecretKind kind, string? plain = null, string? md5 = null, ScramSecret? scram = null)
    {
        Kind = kind;
        Plain = plain;
        Md5 = md5;
        Scram = scram;
    }

    /// <summary>The secret of a user that has none.</summary>
    public static UserSecret None { get; } = new(SecretKind.None);

    /// <summary>No secret is kept here for a user that has settings of its own: it is for auth_query to find.</summary>
    public static UserSecret Elsewhere { get; } = new(SecretKind.None);

    /// <summary>Form of the secret; says which one of the properties below is not null.</summary>
    public SecretKind Kind { get; }

    /// <summary>The password, if <see cref="Kind"/> is <see cref="SecretKind.Plain"/>.</summary>
    public string? Plain { get; }

    /// <summary><c>md5</c> and 32 hex digits, if <see cref="Kind"/> is <see cref="SecretKind.Md5"/>.</summary>
    public string? Md5 { get; }

    /// <summary>The SCRAM secret, if <see cref="Kind"/> is <see cref="SecretKind.Scram"/>.</summary>
    public ScramSecret? Scram { get; }

    /// <summary>
    /// Tells the form from the text as PostgreSQL and PgBouncer do: what is not exactly an md5 hash or a SCRAM secret is a plain
    /// password, and the empty text is no secret.
    /// </summary>
    public static UserSecret Parse(string text)
    {
        if (text.Length == 0)
            return None;
        if (Md5Password.IsHash(text))
            return new UserSecret(SecretKind.Md5, md5: text);
        return ScramSecret.TryParse(text, out ScramSecret? scram)
            ? new UserSecret(SecretKind.Scram, scram: scram)
            : new UserSecret(SecretKind.Plain, plain: text);
    }

    /// <summary>A password that somebody has typed, whatever it looks like.</summary>
    public static UserSecret OfPassword(string password) => new(SecretKind.Plain, plain: password);

    /// <summary>A SCRAM secret known by its parts.</summary>
    public static UserSecret OfScram(ScramSecret secret) => new(SecretKind.Scram, scram: secret);

    /// <summary>The kind only.</summary>
    public override string ToString() => $"UserSecret({Kind})";
}
