using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Tigger.Auth;

/// <summary>Limits and strict readers for the values inside SCRAM messages and secrets (RFC 5802, section 7).</summary>
internal static class ScramText
{
    /// <summary>Longest SCRAM message read from either peer, in bytes.</summary>
    public const int MaxMessage = 4096;

    /// <summary>Longest nonce a client may choose, in bytes.</summary>
    public const int MaxClientNonce = 1024;

    /// <summary>Longest combined nonce a server may send, in bytes: a client's longest and as much again.</summary>
    public const int MaxCombinedNonce = 2 * MaxClientNonce;

    /// <summary>Longest salt, in bytes after decoding.</summary>
    public const int MaxSalt = 1024;

    // 18 bytes are what PostgreSQL uses: 144 bits, and base64 of them needs no padding.
    private const int NonceBytes = 18;

    /// <summary>A fresh random nonce: 24 characters of base64, as bytes.</summary>
    public static byte[] NewNonce() => EncodeBase64(RandomNumberGenerator.GetBytes(NonceBytes));

    /// <summary>True for RFC 5802 <c>printable</c>: one or more of %x21-7E without the comma.</summary>
    public static bool IsPrintable(ReadOnlySpan<byte> value) =>
        !value.IsEmpty && !value.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E) && !value.Contains((byte)',');

    /// <summary>Base64 with padding, as ASCII bytes.</summary>
    public static byte[] EncodeBase64(ReadOnlySpan<byte> data)
    {
        byte[] text = new byte[Base64.GetMaxEncodedToUtf8Length(data.Length)];
        Base64.EncodeToUtf8(data, text, out _, out _);
        return text;
    }

    /// <summary>Decodes canonical base64: padding present, no white space, unused bits zero.</summary>
    /// <param name="text">ASCII bytes.</param>
    /// <param name="maxBytes">Longest result accepted.</param>
    /// <param name="data">The 1..maxBytes decoded bytes; empty on failure.</param>
    public static bool TryDecodeBase64(ReadOnlySpan<byte> text, int maxBytes, out byte[] data)
    {
        data = [];
        if (text.IsEmpty || text.Length > Base64.GetMaxEncodedToUtf8Length(maxBytes))
            return false;
        byte[] buffer = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        if (Base64.DecodeFromUtf8(text, buffer, out _, out int written) != OperationStatus.Done)
            return false;
        // The runtime's decoder skips white space and ignores unused bits; only the canonical text survives the round trip.
        if (written is 0 || written > maxBytes || !EncodeBase64(buffer.AsSpan(0, written)).AsSpan().SequenceEqual(text))
            return false;
        data = buffer[..written];
        return true;
    }

    /// <summary>Reads an iteration count: decimal digits only, no leading zero, 1..<see cref="ScramSecret.MaxIterations"/>.</summary>
    public static bool TryReadIterations(ReadOnlySpan<byte> text, out int iterations)
    {
        iterations = 0;
        if (text.IsEmpty || text.Length > 7 || text[0] == (byte)'0' || text.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        int value = 0;
        foreach (byte digit in text)
            value = value * 10 + (digit - '0');
        if (value > ScramSecret.MaxIterations)
            return false;
        iterations = value;
        return true;
    }
}
