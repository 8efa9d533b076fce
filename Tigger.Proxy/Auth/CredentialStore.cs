using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Tigger.Auth;

/// <summary>
/// The secrets of all users, and what was learnt from them: SCRAM secrets made of plain passwords, and client keys that
/// clients proved to have, with which Tigger logs into PostgreSQL in their name. One store per configuration.
/// </summary>
public sealed class CredentialStore(IReadOnlyDictionary<string, UserSecret> secrets, int scramIterations)
{
    // Makes the answers to unknown users look like those to known ones; the same for the life of the process.
    private static readonly byte[] MockSecret = RandomNumberGenerator.GetBytes(32);

    private readonly ConcurrentDictionary<string, ScramSecret> _derived = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte[]> _clientKeys = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, UserSecret> Secrets => secrets;

    /// <summary>Null: no such user.</summary>
    public UserSecret? Find(string user) => secrets.GetValueOrDefault(user);

    /// <summary>
    /// The server side of a SCRAM login. For an unknown user, or one whose secret cannot be used for SCRAM, an exchange that
    /// looks genuine and fails.
    /// </summary>
    /// <param name="user">Of the startup packet.</param>
    /// <param name="endPoint">What a channel binding is checked against; null: none is offered.</param>
    public ScramServerExchange CreateExchange(string user, byte[]? endPoint = null)
    {
        UserSecret? secret = Find(user);
        ScramServerExchange exchange = secret?.Kind switch
        {
            SecretKind.Scram => new ScramServerExchange(user, secret.Scram!, genuine: true),
            SecretKind.Plain => new ScramServerExchange(user, Derive(user, secret.Plain!), genuine: true),
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

    /// <summary>Keys for a SCRAM login into PostgreSQL in the user's name; null until the user has logged in once.</summary>
    public ScramClientExchange? CreateClientExchange(string user) =>
        _clientKeys.TryGetValue(user, out byte[]? key) && Find(user)?.Scram is { } secret
            ? new ScramClientExchange(key, secret.ServerKey)
            : null;

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

    private ScramSecret Derive(string user, string password) => _derived.GetOrAdd(
        user,
        _ => ScramSecret.Derive(password, scramIterations, RandomNumberGenerator.GetBytes(ScramSecret.DefaultSaltLength)));
}
