using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Tigger.Auth;

/// <summary>
/// What a server stores in place of a password (RFC 5803; PostgreSQL's <c>pg_authid.rolpassword</c>). Enough to verify a
/// client and to prove the server's identity; not enough to log in with.
/// </summary>
public sealed class ScramSecret
{
    /// <summary>PBKDF2 rounds PostgreSQL uses unless <c>scram_iterations</c> says otherwise.</summary>
    public const int DefaultIterations = 4096;

    /// <summary>Most rounds accepted, in a secret or from a server: some tenths of a second of CPU.</summary>
    public const int MaxIterations = 1_000_000;

    /// <summary>Salt length PostgreSQL uses, in bytes.</summary>
    public const int DefaultSaltLength = 16;

    /// <summary>What every secret in PostgreSQL's text form starts with.</summary>
    public const string Prefix = "SCRAM-SHA-256$";

    /// <summary>Puts a secret together from its parts.</summary>
    /// <exception cref="ArgumentException">A part is out of range; the message names the part, never its value.</exception>
    public ScramSecret(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iterations, MaxIterations);
        if (salt.Length is 0 or > ScramText.MaxSalt)
            throw new ArgumentException("A salt holds 1 to 1024 bytes.", nameof(salt));
        if (storedKey.Length != ScramKeys.Length)
            throw new ArgumentException("A key holds 32 bytes.", nameof(storedKey));
        if (serverKey.Length != ScramKeys.Length)
            throw new ArgumentException("A key holds 32 bytes.", nameof(serverKey));
        Iterations = iterations;
        Salt = salt;
        StoredKey = storedKey;
        ServerKey = serverKey;
    }

    /// <summary>PBKDF2 rounds, 1..<see cref="MaxIterations"/>.</summary>
    public int Iterations { get; }

    /// <summary>1..1024 bytes; not secret, every client is told.</summary>
    public byte[] Salt { get; }

    /// <summary>SHA-256 of the ClientKey, 32 bytes.</summary>
    public byte[] StoredKey { get; }

    /// <summary>Key of the server's signature, 32 bytes.</summary>
    public byte[] ServerKey { get; }

    /// <summary>Reads <c>SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey</c>, salt and keys in canonical base64.</summary>
    /// <returns>False if anything in the text is not exactly of that form.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out ScramSecret? secret)
    {
        secret = null;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        string[] halves = text[Prefix.Length..].Split('$');
        if (halves.Length != 2 || halves[0].Split(':') is not [string rounds, string salt]
            || halves[1].Split(':') is not [string stored, string server])
            return false;
        if (!ScramText.TryReadIterations(Encoding.UTF8.GetBytes(rounds), out int iterations)
            || !ScramText.TryDecodeBase64(Encoding.UTF8.GetBytes(salt), ScramText.MaxSalt, out byte[] saltBytes)
            || !ScramText.TryDecodeBase64(Encoding.UTF8.GetBytes(stored), ScramKeys.Length, out byte[] storedKey)
            || !ScramText.TryDecodeBase64(Encoding.UTF8.GetBytes(server), ScramKeys.Length, out byte[] serverKey)
            || storedKey.Length != ScramKeys.Length || serverKey.Length != ScramKeys.Length)
            return false;
        secret = new ScramSecret(iterations, saltBytes, storedKey, serverKey);
        return true;
    }

    /// <summary>Computes the secret of a plain password. CPU work proportional to <paramref name="iterations"/>.</summary>
    /// <param name="password">As typed; SASLprep is applied here.</param>
    /// <param name="iterations">1..<see cref="MaxIterations"/>.</param>
    /// <param name="salt">1..1024 bytes.</param>
    /// <exception cref="ArgumentException">Iterations or salt out of range.</exception>
    public static ScramSecret Derive(string password, int iterations, byte[] salt)
    {
        // Checked before, not after, the expensive part.
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iterations, MaxIterations);
        byte[] salted = ScramKeys.SaltedPassword(password, salt, iterations);
        byte[] clientKey = ScramKeys.ClientKey(salted);
        ScramSecret secret = new(iterations, salt, ScramKeys.StoredKey(clientKey), ScramKeys.ServerKey(salted));
        CryptographicOperations.ZeroMemory(salted);
        CryptographicOperations.ZeroMemory(clientKey);
        return secret;
    }

    /// <summary>The secret in PostgreSQL's text form. For storing, never for a log.</summary>
    public string Format() =>
        $"{Prefix}{Iterations}:{Convert.ToBase64String(Salt)}${Convert.ToBase64String(StoredKey)}:{Convert.ToBase64String(ServerKey)}";

    /// <summary>Mechanism and rounds only, so that a secret in a log line gives nothing away.</summary>
    public override string ToString() => $"SCRAM-SHA-256 secret, {Iterations} iterations";
}
