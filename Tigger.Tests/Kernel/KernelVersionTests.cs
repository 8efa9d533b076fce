using Tigger.Kernel;

namespace Tigger.Tests.Kernel;

public sealed class KernelVersionTests
{
    [Theory]
    [InlineData("6.18.44-fc-v657\n", 6, 18, 44)]
    [InlineData("6.1.0-18-amd64", 6, 1, 0)]
    [InlineData("6.16-rc1", 6, 16, 0)]
    [InlineData("5.15.190", 5, 15, 190)]
    [InlineData("5.15.167.4-microsoft-standard-WSL2", 5, 15, 167)]
    [InlineData("6.6.87+", 6, 6, 87)]
    public void Parse_OfARelease_ReadsItsNumbers(string release, int major, int minor, int patch) =>
        Assert.Equal(new KernelVersion(major, minor, patch), KernelVersion.Parse(release));

    [Theory]
    [InlineData("")]
    [InlineData("linux")]
    [InlineData("6")]
    [InlineData("99999999999.1")]
    public void Parse_OfSomethingElse_IsNull(string release) => Assert.Null(KernelVersion.Parse(release));

    [Theory]
    [InlineData("5.15.189", false)]
    [InlineData("5.15.190", true)]
    [InlineData("6.1.141", false)]
    [InlineData("6.1.142", true)]
    [InlineData("6.6.93", false)]
    [InlineData("6.6.94", true)]
    [InlineData("6.8.0", false)]
    [InlineData("6.12.33", false)]
    [InlineData("6.12.34", true)]
    [InlineData("6.14.11", false)]
    [InlineData("6.16", true)]
    [InlineData("6.18.44", true)]
    [InlineData("7.0", true)]
    public void HasSegmentFixes_FollowsTheSeries(string release, bool expected) =>
        Assert.Equal(expected, KernelVersion.Parse(release)!.Value.HasSegmentFixes);

    [Fact]
    public void Compare_IsByNumberNotByText()
    {
        Assert.True(new KernelVersion(6, 9, 0) < new KernelVersion(6, 12, 0));
        Assert.True(new KernelVersion(6, 12, 100) > new KernelVersion(6, 12, 34));
        Assert.True(new KernelVersion(5, 15, 0) <= new KernelVersion(5, 15, 0));
    }
}
