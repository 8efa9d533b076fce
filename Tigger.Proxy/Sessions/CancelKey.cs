using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tigger.Sessions;

/// <summary>
/// What a client must show to cancel its query: Tigger's own, random in all 64 bits, and unrelated to the backend's key.
/// On the wire it is a process number and a secret (PostgreSQL: "BackendKeyData").
/// </summary>
public readonly record struct CancelKey(ulong Value)
{
    public const int Length = 8;

    public static CancelKey Create()
    {
        Span<byte> bytes = stackalloc byte[Length];
        RandomNumberGenerator.Fill(bytes);
        return new CancelKey(BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }

    /// <summary>From the body of a CancelRequest. False: the wrong length.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out CancelKey key)
    {
        key = body.Length == Length ? new CancelKey(BinaryPrimitives.ReadUInt64BigEndian(body)) : default;
        return body.Length == Length;
    }

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Length];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Value);
        return bytes;
    }

    /// <summary>A key is a secret: it must not reach a log.</summary>
    public override string ToString() => "(cancel key)";
}
