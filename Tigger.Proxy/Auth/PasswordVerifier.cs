using System.Security.Cryptography;
using System.Text;

namespace Tigger.Auth;

/// <summary>Checks a password sent in clear (protocol, "AuthenticationCleartextPassword") against any stored form.</summary>
public static class PasswordVerifier
{
    /// <summary>Whether <paramref name="given"/> is the user's password. Compares in constant time.</summary>
    /// <remarks>Against a SCRAM secret this is CPU work proportional to its iterations: keep it off I/O threads.</remarks>
    /// <param name="secret">What is stored.</param>
    /// <param name="user">User name of the startup packet; part of an md5 hash.</param>
    /// <param name="given">What the client sent. Empty is always wrong, as in PostgreSQL and PgBouncer.</param>
    public static bool Verify(UserSecret secret, string user, string given)
    {
        // HMAC pads its key with zeros, so to SCRAM "secret" and "secret\0" are one; PostgreSQL's passwords never hold a NUL.
        if (given.Length == 0 || given.Contains('\0'))
            return false;
        return secret switch
        {
            { Plain: string plain } => SameText(plain, given),
            { Md5: string md5 } => SameText(md5, Md5Password.Hash(given, user)),
            { Scram: ScramSecret scram } => CryptographicOperations.FixedTimeEquals(
                scram.ServerKey, ScramSecret.Derive(given, scram.Iterations, scram.Salt).ServerKey),
            _ => false,
        };
    }

    // Digests have one length, so not even the length of the stored password shows in the time.
    private static bool SameText(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(left)), SHA256.HashData(Encoding.UTF8.GetBytes(right)));
}
