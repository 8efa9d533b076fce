using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Tigger.Telemetry.Otlp;

/// <summary>Writes a message in protobuf's wire format: the few kinds of fields that OTLP's histograms have.</summary>
internal sealed class ProtobufMessage
{
    private const int Varint = 0;
    private const int Bits64 = 1;
    private const int Delimited = 2;
    private const byte More = 0x80;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public ProtobufMessage Number(int field, ulong value)
    {
        Tag(field, Varint);
        Write(value);
        return this;
    }

    public ProtobufMessage Fixed64(int field, ulong value)
    {
        Tag(field, Bits64);
        WriteFixed(value);
        return this;
    }

    public ProtobufMessage Double(int field, double value) => Fixed64(field, BitConverter.DoubleToUInt64Bits(value));

    public ProtobufMessage Text(int field, string value) => Delimit(field, Encoding.UTF8.GetBytes(value));

    public ProtobufMessage Message(int field, ProtobufMessage value) => Delimit(field, value.Bytes);

    public ProtobufMessage Packed(int field, ReadOnlySpan<ulong> values)
    {
        Tag(field, Delimited);
        Write((ulong)values.Length * sizeof(ulong));
        foreach (ulong value in values)
        {
            WriteFixed(value);
        }

        return this;
    }

    public ProtobufMessage Packed(int field, ReadOnlySpan<double> values) => Packed(field, MemoryMarshal.Cast<double, ulong>(values));

    private ProtobufMessage Delimit(int field, ReadOnlySpan<byte> bytes)
    {
        Tag(field, Delimited);
        Write((ulong)bytes.Length);
        _bytes.Write(bytes);
        return this;
    }

    private void Tag(int field, int wireType) => Write(((ulong)field << 3) | (uint)wireType);

    private void Write(ulong value)
    {
        for (; value >= More; value >>= 7)
        {
            _bytes.Write([(byte)(value | More)]);
        }

        _bytes.Write([(byte)value]);
    }

    private void WriteFixed(ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        _bytes.Write(bytes);
    }
}
