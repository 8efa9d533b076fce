using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Tigger.Auth;

/// <summary>
/// PostgreSQL's md5 passwords (protocol, "AuthenticationMD5Password"). Hashes are <c>"md5"</c> and 32 lower-case hex digits.
/// </summary>
public static class Md5Password
{
    /// <summary>Length of the salt in AuthenticationMD5Password, in bytes.</summary>
    public const int SaltLength = 4;

    private const string Prefix = "md5";
    private const int TextLength = 3 + 2 * MD5.HashSizeInBytes;
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>True for <c>md5</c> followed by exactly 32 lower-case hex digits; PostgreSQL takes anything else for plain text.</summary>
    public static bool IsHash(string text) =>
        text.Length == TextLength && text.StartsWith(Prefix, StringComparison.Ordinal)
        && !text.AsSpan(Prefix.Length).ContainsAnyExcept(HexDigits);

    /// <summary>What PostgreSQL stores: <c>"md5" + hex(md5(password + user))</c>, both in UTF-8.</summary>
    public static string Hash(string password, string user) => HexOf([.. Encoding.UTF8.GetBytes(password), .. Encoding.UTF8.GetBytes(user)]);

    /// <summary>What a client answers: <c>"md5" + hex(md5(hex digits of the stored hash + salt))</c>.</summary>
    /// <param name="md5Secret">The stored hash, as <see cref="Hash"/> gives it.</param>
    /// <param name="salt">The 4 bytes of AuthenticationMD5Password.</param>
    /// <exception cref="ArgumentException">Not a hash, or not 4 bytes; the message shows neither.</exception>
    public static string Response(string md5Secret, ReadOnlySpan<byte> salt)
    {
        if (!IsHash(md5Secret))
            throw new ArgumentException("An md5 secret is \"md5\" and 32 hex digits.", nameof(md5Secret));
        if (salt.Length != SaltLength)
            throw new ArgumentException("An md5 salt holds 4 bytes.", nameof(salt));
        return HexOf([.. Encoding.ASCII.GetBytes(md5Secret[Prefix.Length..]), .. salt]);
    }

    /// <summary>Checks a client's answer, in time that does not depend on where it differs.</summary>
    /// <param name="md5Secret">The stored hash.</param>
    /// <param name="salt">The 4 bytes the client was sent.</param>
    /// <param name="response">The client's PasswordMessage, without its terminating NUL.</param>
    /// <exception cref="ArgumentException">As for <see cref="Response"/>; never because of <paramref name="response"/>.</exception>
    public static bool Verify(string md5Secret, ReadOnlySpan<byte> salt, string response) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(Response(md5Secret, salt)), Encoding.UTF8.GetBytes(response));

    private static string HexOf(ReadOnlySpan<byte> data) => Prefix + Convert.ToHexStringLower(MD5.HashData(data));
}
