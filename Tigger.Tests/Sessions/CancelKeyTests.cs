using Tigger.Sessions;

namespace Tigger.Tests.Sessions;

public sealed class CancelKeyTests
{
    [Fact]
    public void TryRead_OwnBytes_GivesTheSameKey()
    {
        CancelKey key = CancelKey.Create(peerId: 0);
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
    public void Create_ManyTimes_IsNeverTheSameAndUsesAllBitsButTheSign()
    {
        const int Keys = 1000;
        List<ulong> keys = [.. Enumerable.Range(0, Keys).Select(_ => CancelKey.Create(peerId: 0).Value)];
        Assert.Equal(Keys, keys.Distinct().Count());
        Assert.Equal(ulong.MaxValue >> 1, keys.Aggregate((a, b) => a | b));
        Assert.Equal(0ul, keys.Aggregate((a, b) => a & b));
    }

    /// <summary>PgBouncer's layout: a group may have members of both kinds.</summary>
    [Fact]
    public void Create_WithPeer_HasItsIdAndThreeForwards()
    {
        CancelKey key = CancelKey.Create(peerId: 0x1234);
        byte[] bytes = key.ToBytes();
        Assert.Equal(0x34, bytes[1]);
        Assert.Equal(0x12, bytes[2]);
        Assert.Equal(3, bytes[7] & 3);
        Assert.Equal(0, bytes[0] & 0x80);
        Assert.Equal(0x1234, key.PeerId);
    }

    [Fact]
    public void Forwarded_ThreeTimes_IsStillTheOriginal()
    {
        CancelKey key = CancelKey.Create(peerId: 7);
        CancelKey last = key.Forwarded.Forwarded.Forwarded;
        Assert.Equal([3, 2, 1, 0], new[] { key, key.Forwarded, key.Forwarded.Forwarded, last }.Select(one => one.ForwardsLeft));
        Assert.Equal(key, last.Original);
        Assert.Equal(7, last.PeerId);
    }

    [Fact]
    public void ToString_AnyKey_KeepsTheSecret() => Assert.Equal("(cancel key)", $"{new CancelKey(4711)}");
}
