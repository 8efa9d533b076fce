using System.Buffers.Binary;

namespace Tigger.Admin;

/// <summary>Numbers in PostgreSQL's binary form (int4send, int8send, numeric_send).</summary>
internal static class BinaryNumbers
{
    private const ulong NumericBase = 10_000;
    private const short NumericNegative = 0x4000;

    public static byte[] Int4(int value)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Int8(long value)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>Count of base-10000 digits, weight of the first, sign, digits behind the point (none), then the digits.</summary>
    public static byte[] Numeric(long value)
    {
        const int Header = 4 * sizeof(short);
        List<short> digits = [];
        for (ulong rest = (ulong)Int128.Abs(value); rest > 0; rest /= NumericBase)
        {
            digits.Insert(0, (short)(rest % NumericBase));
        }

        short weight = (short)Math.Max(0, digits.Count - 1);
        while (digits.Count > 0 && digits[^1] == 0)
        {
            digits.RemoveAt(digits.Count - 1);
        }

        byte[] bytes = new byte[Header + (digits.Count * sizeof(short))];
        Span<byte> rests = bytes;
        foreach (short part in (IEnumerable<short>)[(short)digits.Count, weight, value < 0 ? NumericNegative : (short)0, 0, .. digits])
        {
            BinaryPrimitives.WriteInt16BigEndian(rests, part);
            rests = rests[sizeof(short)..];
        }

        return bytes;
    }
}
