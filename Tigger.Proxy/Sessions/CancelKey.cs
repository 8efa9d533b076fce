using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tigger.Sessions;

/// <summary>
/// What a client must show to cancel its query: Tigger's own, random, and unrelated to the backend's key. On the wire it is a
/// process number, never negative, and a secret (PostgreSQL: "BackendKeyData"). In a group of peers PgBouncer's layout holds, so
/// that a group may be mixed: the peer's id in the second and third byte, the lower first, and in the last two bits how many times
/// a request may still be forwarded.
/// </summary>
public readonly record struct CancelKey(ulong Value)
{
    public const int Length = 8;

    private const ulong SignBit = 1UL << 63;
    private const int LowByteOfPeer = 48, HighByteOfPeer = 40;
    private const ulong PeerBits = 0xffffUL << HighByteOfPeer;
    private const ulong ForwardsBits = 3;

    /// <summary>The peer that gave the key out, where peers do so.</summary>
    public int PeerId => (byte)(Value >> LowByteOfPeer) | ((byte)(Value >> HighByteOfPeer) << 8);

    /// <summary>Forwards left; 0: it has gone in a circle.</summary>
    public int ForwardsLeft => (int)(Value & ForwardsBits);

    /// <summary>As it was given out, whoever has forwarded it since.</summary>
    public CancelKey Original => new(Value | ForwardsBits);

    /// <summary>As the next peer gets it.</summary>
    public CancelKey Forwarded => new(Value - 1);

    /// <summary>A new key.</summary>
    /// <param name="peerId">This process's id among its peers; 0 = it has none.</param>
    public static CancelKey Create(int peerId)
    {
        Span<byte> bytes = stackalloc byte[Length];
        RandomNumberGenerator.Fill(bytes);
        ulong value = BinaryPrimitives.ReadUInt64BigEndian(bytes) & ~SignBit;
        if (peerId > 0)
        {
            value &= ~PeerBits;
            value |= ((ulong)(byte)peerId << LowByteOfPeer) | ((ulong)(peerId >> 8) << HighByteOfPeer) | ForwardsBits;
        }

        return new CancelKey(value);
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
