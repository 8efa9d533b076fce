using System.Buffers.Binary;
using Tigger.Protocol;

namespace Tigger.Tests.Protocol;

public sealed class MessageWriterTests
{
    [Fact]
    public void ToArray_TwoMessages_HaveLengthsOfTheirOwn()
    {
        byte[] bytes = new MessageWriter()
            .Begin((byte)'X').CString("ab").End()
            .Begin((byte)'S').End()
            .ToArray();

        Assert.Equal([(byte)'X', 0, 0, 0, 7, (byte)'a', (byte)'b', 0, (byte)'S', 0, 0, 0, 4], bytes);
    }

    [Fact]
    public void BeginUntyped_StartupMessage_CountsItsLengthField() =>
        Assert.Equal([0, 0, 0, 8, 4, 210, 22, 47], new MessageWriter().BeginUntyped().Int32(80877103).End().ToArray());

    [Theory]
    [InlineData(short.MinValue, int.MinValue, "8000" + "80000000")]
    [InlineData((short)-1, -2, "FFFF" + "FFFFFFFE")]
    [InlineData((short)0x1234, 0x12345678, "1234" + "12345678")]
    public void Int_AnyValue_IsBigEndian(short small, int large, string expected) =>
        Assert.Equal(expected, Convert.ToHexString(new MessageWriter().Int16(small).Int32(large).ToArray()));

    [Fact]
    public void CString_NotAscii_IsUtf8WithOneZero() =>
        Assert.Equal("C3A4E282AC00", Convert.ToHexString(new MessageWriter().CString("ä€").ToArray()));

    [Fact]
    public void End_LongBody_LengthFitsAfterTheBufferHasGrown()
    {
        byte[] body = [.. Enumerable.Range(0, 100_000).Select(i => (byte)i)];
        byte[] bytes = new MessageWriter().Begin((byte)'d').Bytes(body).End().ToArray();

        Assert.Equal(body.Length + 4, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1)));
        Assert.Equal(body, bytes[5..]);
    }

    [Fact]
    public void ToArray_CalledTwice_GivesTheSameBytes()
    {
        MessageWriter writer = new MessageWriter().Begin((byte)'Q').CString("x").End();
        Assert.Equal(writer.ToArray(), writer.ToArray());
        Assert.Equal(writer.Length, writer.ToArray().Length);
    }
}
