using Tigger.Sessions;

namespace Tigger.Tests.Sessions;

public sealed class CancelKeyTests
{
    [Fact]
    public void TryRead_OwnBytes_GivesTheSameKey()
    {
        CancelKey key = CancelKey.Create();
        Assert.True(CancelKey.TryRead(key.ToBytes(), out CancelKey read));
        Assert.Equal(key, read);
    }

    [Fact]
    public void ToBytes_Value_IsBigEndian() =>
        Assert.Equal("0102030405060708", Convert.ToHexString(new CancelKey(0x0102030405060708).ToBytes()));

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(36)]
    public void TryRead_WrongLength_IsRefused(int length)
    {
        Assert.False(CancelKey.TryRead(new byte[length], out CancelKey key));
        Assert.Equal(default, key);
    }

    [Fact]
    public void Create_ManyTimes_IsNeverTheSameAndUsesAllBits()
    {
        const int Keys = 1000;
        List<ulong> keys = [.. Enumerable.Range(0, Keys).Select(_ => CancelKey.Create().Value)];
        Assert.Equal(Keys, keys.Distinct().Count());
        Assert.Equal(ulong.MaxValue, keys.Aggregate((a, b) => a | b));
        Assert.Equal(0ul, keys.Aggregate((a, b) => a & b));
    }

    [Fact]
    public void ToString_AnyKey_KeepsTheSecret() => Assert.Equal("(cancel key)", $"{new CancelKey(4711)}");
}
