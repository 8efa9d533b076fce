using Tigger.Kernel;

namespace Tigger.Tests.Kernel;

/// <summary>Reading what the kernel writes about a process, from the formats of proc(5).</summary>
public sealed class HostFactsTests
{
    private const string Hybrid = """
        25 21 0:22 / /sys rw,relatime - sysfs sysfs rw
        30 25 0:26 / /sys/fs/cgroup rw,relatime shared:4 - tmpfs tmpfs rw,mode=755
        31 30 0:27 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
        32 30 0:28 / /sys/fs/cgroup/uni\040fied rw,relatime shared:5 master:2 - cgroup2 cgroup2 rw
        """;

    private const string Unified = "30 25 0:26 /../.. /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw,nsdelegate\n";

    [Theory]
    [InlineData("000001ffffffffff", "")]
    [InlineData("0000000000000000", "CAP_BPF CAP_NET_ADMIN CAP_PERFMON")]
    [InlineData("000000c000001000", "")]
    [InlineData("0000008000001000", "CAP_PERFMON")]
    [InlineData("0000000000201000", "")]
    [InlineData("0000000000200000", "CAP_NET_ADMIN")]
    public void MissingForBpf_OfAStatusFile_NamesThem(string effective, string missing)
    {
        var set = CapabilitySet.Parse($"Name:\tx\nCapPrm:\tffffffffffffffff\nCapEff:\t{effective}\nCapBnd:\tffffffffffffffff\n");
        Assert.Equal(missing, string.Join(' ', set.MissingForBpf));
    }

    [Fact]
    public void CapabilitySet_OfAFileWithoutTheLine_IsEmpty() => Assert.Equal(0ul, CapabilitySet.Parse("Name:\tx\n").Bits);

    [Fact]
    public void CgroupTree_Hybrid_IsFoundBesideVersionOne()
    {
        var tree = CgroupTree.Parse(Hybrid, "8:memory:/a\n0::/user.slice\n", _ => false)!;
        Assert.Equal(new CgroupTree("/sys/fs/cgroup/uni fied", IsHybrid: true, IsWholeTree: true, "/user.slice"), tree);
    }

    /// <summary>Every cgroup but the machine's root has this file, also where a namespace calls it "/".</summary>
    [Fact]
    public void CgroupTree_OfAContainer_IsNotTheWholeTree()
    {
        var tree = CgroupTree.Parse(Unified, "0::/\n", path => path == "/sys/fs/cgroup/cgroup.events")!;
        Assert.Equal(new CgroupTree("/sys/fs/cgroup", IsHybrid: false, IsWholeTree: false, "/"), tree);
    }

    [Fact]
    public void CgroupTree_WithVersionOneOnly_IsNull() =>
        Assert.Null(CgroupTree.Parse("31 30 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n", "8:memory:/\n", _ => true));

    [Fact]
    public void Report_IsUsableUnlessSomethingFailed()
    {
        DoctorReport report = new([KernelCheck.Ok("a", "fine"), KernelCheck.Warn("b", "so so")]);
        Assert.True(report.Usable);
        Assert.Empty(report.Reasons);
        report = new([.. report.Checks, KernelCheck.Fail("c", "missing", "get it")]);
        Assert.False(report.Usable);
        Assert.Equal(["c: missing"], report.Reasons);
    }
}
