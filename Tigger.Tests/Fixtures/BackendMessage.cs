using System.Buffers.Binary;
using System.Text;

namespace Tigger.Tests.Fixtures;

/// <summary>One message a client received.</summary>
public sealed record BackendMessage(char Type, byte[] Payload)
{
    public char TransactionStatus => (char)Payload[0];

    public int Int32(int offset = 0) => BinaryPrimitives.ReadInt32BigEndian(Payload.AsSpan(offset));

    public int Int16(int offset) => BinaryPrimitives.ReadInt16BigEndian(Payload.AsSpan(offset));

    public string Text(int offset = 0)
    {
        var end = Array.IndexOf(Payload, (byte)0, offset);
        return Encoding.UTF8.GetString(Payload, offset, (end < 0 ? Payload.Length : end) - offset);
    }

    public (string Name, string Value) ParameterStatus()
    {
        var name = Text();
        return (name, Text(Encoding.UTF8.GetByteCount(name) + 1));
    }

    public string?[] Row()
    {
        var values = new string?[Int16(0)];
        var offset = 2;
        for (var i = 0; i < values.Length; i++)
        {
            var length = Int32(offset);
            offset += 4;
            if (length < 0)
                continue;
            values[i] = Encoding.UTF8.GetString(Payload, offset, length);
            offset += length;
        }

        return values;
    }

    /// <summary>Name and type oid of each column of a RowDescription.</summary>
    public IReadOnlyList<(string Name, int TypeOid)> Columns()
    {
        var columns = new List<(string, int)>();
        var offset = 2;
        for (var i = Int16(0); i > 0; i--)
        {
            var name = Text(offset);
            offset += Encoding.UTF8.GetByteCount(name) + 1;
            columns.Add((name, Int32(offset + 6)));
            offset += 18;
        }

        return columns;
    }

    /// <summary>A field of an ErrorResponse or NoticeResponse: S severity, C SQLSTATE, M message, …</summary>
    public string? Field(char code)
    {
        for (var offset = 0; offset < Payload.Length && Payload[offset] != 0;)
        {
            var value = Text(offset + 1);
            if (Payload[offset] == code)
                return value;
            offset += Encoding.UTF8.GetByteCount(value) + 2;
        }

        return null;
    }

    public override string ToString() => Type switch
    {
        'E' or 'N' => $"{Type}:{Field('S')} {Field('C')} {Field('M')}",
        'Z' => $"Z:{TransactionStatus}",
        'C' => $"C:{Text()}",
        _ => $"{Type}:{Convert.ToHexString(Payload)}",
    };
}
