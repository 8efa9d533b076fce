using System.Collections.Concurrent;
using System.Security.Cryptography;
using Tigger.Auth.Hba;
using Tigger.Auth.Ldap;

namespace Tigger.Auth;

/// <summary>
/// What logins go by: the secrets of the users in auth_file and the configuration, what was learnt from them (SCRAM secrets made
/// of plain passwords, and client keys that clients proved to have, with which Tigger logs into PostgreSQL in their name), and
/// the rules about who must prove what. One store per configuration.
/// </summary>
public sealed class CredentialStore(IReadOnlyDictionary<string, UserSecret> secrets, int scramIterations)
{
    // Makes the answers to unknown users look like those to known ones; the same for the life of the process.
    private static readonly byte[] MockSecret = RandomNumberGenerator.GetBytes(32);

    private readonly ConcurrentDictionary<string, ScramSecret> _derived = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte[]> _clientKeys = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, UserSecret> Secrets => secrets;

    /// <summary>The rules of auth_hba_file; null: there is none.</summary>
    public HbaRules? Hba { get; init; }

    /// <summary>auth_ldap_options; null: not set.</summary>
    public LdapOptions? Ldap { get; init; }

    /// <summary>Every secret there is a SCRAM secret, so a user nobody knows has to look like one of those.</summary>
    public bool AllAreScram { get; } = secrets.Count > 0
        && secrets.Values.All(secret => secret.Kind is SecretKind.Scram or SecretKind.None)
        && secrets.Values.Any(secret => secret.Kind == SecretKind.Scram);

    /// <summary>Null: no such user.</summary>
    public UserSecret? Find(string user) => secrets.GetValueOrDefault(user);

    /// <summary>The server side of a SCRAM login of a user of this store.</summary>
    public ScramServerExchange CreateExchange(string user) => CreateExchange(user, Find(user));

    /// <summary>
    /// The server side of a SCRAM login. For an unknown user (null), or one whose secret cannot be used for SCRAM, an exchange
    /// that looks genuine and fails.
    /// </summary>
    /// <param name="user">Of the startup packet.</param>
    /// <param name="secret">The user's; null: there is none.</param>
    /// <param name="endPoint">What a channel binding is checked against; null: none is offered.</param>
    public ScramServerExchange CreateExchange(string user, UserSecret? secret, byte[]? endPoint = null)
    {
        ScramServerExchange exchange = secret?.Kind switch
        {
            SecretKind.Scram => new ScramServerExchange(user, secret.Scram!, genuine: true),
            SecretKind.Plain => new ScramServerExchange(user, Derive(user, secret), genuine: true),
            _ => ScramServerExchange.ForUnknownUser(user, MockSecret, scramIterations),
        };
        exchange.EndPoint = endPoint;
        return exchange;
    }

    /// <summary>Keeps the key a client proved to have; only useful where the user's secret is a SCRAM secret.</summary>
    public void Learn(string user, byte[]? clientKey)
    {
        if (clientKey is not null && Find(user)?.Kind == SecretKind.Scram)
        {
            _clientKeys[user] = clientKey;
        }
    }

    /// <summary>The key that the user's clients have proved to have; null: none yet.</summary>
    public byte[]? ClientKeyOf(string user) => _clientKeys.GetValueOrDefault(user);

    /// <summary>Keys for a SCRAM login into PostgreSQL in the user's name; null until the user has logged in once.</summary>
    public ScramClientExchange? CreateClientExchange(string user) =>
        _clientKeys.TryGetValue(user, out byte[]? key) && Find(user)?.Scram is { } secret
            ? new ScramClientExchange(key, secret.ServerKey)
            : null;

    /// <summary>Keeps a key that was proved elsewhere, if it is that of the user's secret.</summary>
    public void LearnIfProved(string user, byte[] clientKey)
    {
        if (Find(user)?.Scram is { } scram && ScramKeys.StoredKey(clientKey).AsSpan().SequenceEqual(scram.StoredKey))
        {
            _clientKeys[user] = clientKey;
        }
    }

    /// <summary>Takes over keys learnt under the configuration before, for users whose secret is still the same.</summary>
    public void LearnFrom(CredentialStore before)
    {
        foreach ((string user, byte[] key) in before._clientKeys)
        {
            if (Find(user)?.Scram is { } now && before.Find(user)?.Scram is { } then && now.StoredKey.AsSpan().SequenceEqual(then.StoredKey))
            {
                _clientKeys[user] = key;
            }
        }
    }

    /// <summary>Kept for the users of this store; a secret from elsewhere may be another one tomorrow.</summary>
    private ScramSecret Derive(string user, UserSecret secret) => ReferenceEquals(secret, Find(user))
        ? _derived.GetOrAdd(user, _ => Derive(secret.Plain!))
        : Derive(secret.Plain!);

    private ScramSecret Derive(string password) =>
        ScramSecret.Derive(password, scramIterations, RandomNumberGenerator.GetBytes(ScramSecret.DefaultSaltLength));
}
