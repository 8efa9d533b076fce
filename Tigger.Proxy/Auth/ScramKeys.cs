using System.Security.Cryptography;
using System.Text;

namespace Tigger.Auth;

/// <summary>The key schedule of SCRAM-SHA-256 (RFC 5802, section 3, with SHA-256 as in RFC 7677). All keys are 32 bytes.</summary>
internal static class ScramKeys
{
    /// <summary>Length of every key, signature and proof, in bytes.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    /// <summary>SaltedPassword := Hi(SASLprep(password), salt, iterations). Takes milliseconds of CPU at 4096 iterations.</summary>
    public static byte[] SaltedPassword(string password, ReadOnlySpan<byte> salt, int iterations)
    {
        byte[] prepared = Encoding.UTF8.GetBytes(SaslPrep.Normalize(password));
        byte[] salted = Rfc2898DeriveBytes.Pbkdf2(prepared, salt, iterations, HashAlgorithmName.SHA256, Length);
        CryptographicOperations.ZeroMemory(prepared);
        return salted;
    }

    /// <summary>ClientKey := HMAC(SaltedPassword, "Client Key").</summary>
    public static byte[] ClientKey(ReadOnlySpan<byte> saltedPassword) => HMACSHA256.HashData(saltedPassword, "Client Key"u8);

    /// <summary>ServerKey := HMAC(SaltedPassword, "Server Key").</summary>
    public static byte[] ServerKey(ReadOnlySpan<byte> saltedPassword) => HMACSHA256.HashData(saltedPassword, "Server Key"u8);

    /// <summary>StoredKey := H(ClientKey).</summary>
    public static byte[] StoredKey(ReadOnlySpan<byte> clientKey) => SHA256.HashData(clientKey);

    /// <summary>
    /// AuthMessage := client-first-message-bare "," server-first-message "," client-final-message-without-proof.
    /// </summary>
    public static byte[] AuthMessage(ReadOnlySpan<byte> firstBare, ReadOnlySpan<byte> serverFirst, ReadOnlySpan<byte> finalBare) =>
        [.. firstBare, (byte)',', .. serverFirst, (byte)',', .. finalBare];

    /// <summary>ClientSignature (with StoredKey) or ServerSignature (with ServerKey) := HMAC(key, AuthMessage).</summary>
    public static byte[] Sign(ReadOnlySpan<byte> key, ReadOnlySpan<byte> authMessage) => HMACSHA256.HashData(key, authMessage);

    /// <summary>Bytewise exclusive or of two keys: proof from key and signature, or key from proof and signature.</summary>
    public static byte[] Xor(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        byte[] result = new byte[Length];
        for (int i = 0; i < Length; i++)
            result[i] = (byte)(left[i] ^ right[i]);
        return result;
    }
}
