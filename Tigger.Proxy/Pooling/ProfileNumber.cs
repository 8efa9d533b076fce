using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Tigger.Pooling;

/// <summary>
/// A number for values of tracked parameters: equal values have equal numbers, others do not, as far as 64 bits of SHA-256 go.
/// Clients choose some of the values, so a number that can be made to collide would let one use a server with another's.
/// </summary>
internal static class ProfileNumber
{
    /// <summary>What the kernel's data path takes for "agrees with nobody".</summary>
    private const ulong Nobody = 0;

    private const byte Open = 0;
    private const byte Known = 1;

    /// <summary>Never 0. Null and empty differ, as does what is in which place.</summary>
    public static ulong Of(IReadOnlyList<string?> values)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string? value in values) Append(hash, value);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        ulong number = BinaryPrimitives.ReadUInt64LittleEndian(digest);
        return number == Nobody ? 1 : number;
    }

    /// <summary>The length before the text makes the end of one value and the beginning of the next unmistakable.</summary>
    private static void Append(IncrementalHash hash, string? value)
    {
        Span<byte> header = stackalloc byte[1 + sizeof(int)];
        byte[] text = Encoding.UTF8.GetBytes(value ?? "");
        header[0] = value is null ? Open : Known;
        BinaryPrimitives.WriteInt32LittleEndian(header[1..], text.Length);
        hash.AppendData(header);
        hash.AppendData(text);
    }
}
