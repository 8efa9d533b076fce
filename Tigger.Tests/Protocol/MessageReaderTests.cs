using Tigger.Protocol;

namespace Tigger.Tests.Protocol;

public sealed class MessageReaderTests
{
    [Fact]
    public void Try_FieldsInOrder_ReadsEachAndNothingMore()
    {
        MessageReader reader = new([1, 0xff, 0xfe, 0x12, 0x34, 0x56, 0x78, (byte)'a', 0, 9, 8, 7]);

        Assert.True(reader.TryByte(out byte one));
        Assert.True(reader.TryInt16(out short two));
        Assert.True(reader.TryInt32(out int four));
        Assert.True(reader.TryCString(out string? text));
        Assert.True(reader.TryBytes(2, out ReadOnlySpan<byte> bytes));
        Assert.Equal((1, -2, 0x12345678, "a"), (one, two, four, text));
        Assert.Equal([9, 8], bytes.ToArray());
        Assert.Equal([7], reader.Rest.ToArray());
    }

    [Fact]
    public void Try_EmptyBody_FailsEveryRead()
    {
        MessageReader reader = new([]);
        Assert.False(reader.TryByte(out _));
        Assert.False(reader.TryInt16(out _));
        Assert.False(reader.TryInt32(out _));
        Assert.False(reader.TryCString(out _));
        Assert.False(reader.TryBytes(1, out _));
        Assert.True(reader.TryBytes(0, out ReadOnlySpan<byte> nothing));
        Assert.True(nothing.IsEmpty);
    }

    [Fact]
    public void Try_OneByteTooFew_FailsAndConsumesNothing()
    {
        MessageReader reader = new([1, 2, 3]);
        Assert.False(reader.TryInt32(out _));
        Assert.Equal(3, reader.Rest.Length);
        Assert.True(reader.TryInt16(out _));
        Assert.False(reader.TryInt16(out _));
        Assert.Equal(1, reader.Rest.Length);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void TryBytes_CountOutsideTheBody_FailsAndConsumesNothing(int count)
    {
        MessageReader reader = new([1, 2, 3]);
        Assert.False(reader.TryBytes(count, out ReadOnlySpan<byte> value));
        Assert.True(value.IsEmpty);
        Assert.Equal(3, reader.Rest.Length);
    }

    [Fact]
    public void TryCString_NoTerminator_FailsAndConsumesNothing()
    {
        MessageReader reader = new("abc"u8);
        Assert.False(reader.TryCString(out string? value));
        Assert.Null(value);
        Assert.Equal(3, reader.Rest.Length);
    }

    [Fact]
    public void TryCString_NotUtf8_GivesReplacementCharacters()
    {
        MessageReader reader = new([(byte)'a', 0xff, 0xc3, 0]);
        Assert.True(reader.TryCString(out string? value));
        Assert.Equal("a\uFFFD\uFFFD", value);
    }
}
