using Tigger.Privileges;

namespace Tigger.Tests.Privileges;

public sealed class ThreadCapabilitiesTests
{
    [Fact]
    public void Parse_AStatusFile_HasEverySet()
    {
        var sets = ThreadCapabilities.Parse("Name:\tx\nCapInh:\t01\nCapPrm:\t02\nCapEff:\t04\nCapBnd:\t000001ffffffffff\nCapAmb:\t10\n");
        Assert.Equal(new ThreadCapabilities(4, 2, 1, 0x1ffffffffff, 0x10), sets);
    }

    [Theory]
    [InlineData(0ul, false)]
    [InlineData(ThreadCapabilities.Kept, false)]
    [InlineData(1ul << 39, true)]
    [InlineData(1ul << 38, true)]
    [InlineData(1ul << 24, true)]
    [InlineData(1ul << 21, true)]
    [InlineData(1ul << 12, true)]
    public void HasMoreThanKept_OfPermittedOnes_CountsAllForBpf(ulong permitted, bool expected) =>
        Assert.Equal(expected, new ThreadCapabilities(0, permitted, 0, ulong.MaxValue, 0).HasMoreThanKept);
}
