using Tigger.Kernel.Slots;
using Tigger.Prepared;

namespace Tigger.Tests.Prepared;

public sealed class StatementNameTests
{
    [Theory]
    [InlineData(1, 20)]
    [InlineData(2, SlotLimits.Statements)]
    [InlineData(3, SlotLimits.Statements)]
    [InlineData(StatementName.MaximumLength, SlotLimits.Statements)]
    public void TryMake_EachNumber_HasANameOfItsOwn(int length, int numbers)
    {
        var names = Enumerable.Range(0, SlotLimits.Statements).Select(number => StatementName.TryMake(number, length)).ToList();
        Assert.Equal(numbers, names.Count(name => name is not null));
        Assert.All(names.OfType<byte[]>(), name =>
        {
            Assert.Equal(length, name.Length);
            Assert.True(StatementName.IsReserved(name));
            Assert.All(name, one => Assert.InRange(one, (byte)'!', (byte)'~'));
        });
        Assert.Equal(numbers, names.OfType<byte[]>().ToHashSet(ByteString.Comparer).Count);
    }

    [Fact]
    public void IsReserved_NamesThatDriversMake_AreNot()
    {
        foreach (var name in new[] { "S_1", "_p1", "P0_0", "__asyncpg_stmt_1__", "stmtcache_0a", "s0", "a1", "\"quoted\"", "" })
            Assert.False(StatementName.IsReserved(System.Text.Encoding.ASCII.GetBytes(name)), name);
    }
}
