using Tigger.Kernel;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Kernel;

/// <summary>What `tigger doctor` makes of the files the kernel has for each network interface.</summary>
public sealed class NetworkHintsTests
{
    private const string Idle = "00000000,00000000";

    [Theory]
    [InlineData(1, Idle, "0", true, "echo ff > ")]
    [InlineData(1, Idle, "0", false, "echo ff > ", "ethtool -K eth7 gro on")]
    [InlineData(1, "00000000,000000ff", "0", true)]
    [InlineData(1, Idle, "1", true)]
    [InlineData(8, Idle, "0", true)]
    [InlineData(8, Idle, "0", false, "ethtool -K eth7 gro on")]
    [InlineData(8, Idle, "0", null)]
    public void Of_AnInterface_SaysWhatIsWorthMeasuring(int queues, string rps, string threaded, bool? gro, params string[] remedies)
    {
        using TempDirectory directory = new("hints");
        Make(directory.Path, "eth7", "up", queues, rps, threaded);
        var check = Assert.Single(NetworkHints.Of(directory.Path, 8, _ => gro));
        Assert.Equal((CheckState.Ok, "network eth7"), (check.State, check.Name));
        Assert.Equal(remedies.Length == 0, check.Remedy is null);
        Assert.All(remedies, remedy => Assert.Contains(remedy, check.Remedy!, StringComparison.Ordinal));
    }

    [Fact]
    public void Of_TwoProcessors_DoesNotPraiseRps()
    {
        using TempDirectory directory = new("hints");
        Make(directory.Path, "eth7", "up", 1, Idle, "0");
        Assert.Null(Assert.Single(NetworkHints.Of(directory.Path, 2, _ => true)).Remedy);
    }

    [Fact]
    public void Of_ManyProcessors_WritesTheMaskInGroupsOf32()
    {
        using TempDirectory directory = new("hints");
        Make(directory.Path, "eth7", "up", 1, Idle, "0");
        Assert.Contains("echo ff,ffffffff > ", Assert.Single(NetworkHints.Of(directory.Path, 40, _ => true)).Remedy!, StringComparison.Ordinal);
        Assert.Contains("echo ffffffff > ", Assert.Single(NetworkHints.Of(directory.Path, 32, _ => true)).Remedy!, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_LoopbackAndInterfacesThatAreDown_SaysNothing()
    {
        using TempDirectory directory = new("hints");
        Make(directory.Path, "lo", "unknown", 1, Idle, "0");
        Make(directory.Path, "eth8", "down", 1, Idle, "0");
        Assert.Empty(NetworkHints.Of(directory.Path, 8, _ => true));
        Assert.Empty(NetworkHints.Of(Path.Combine(directory.Path, "nothing"), 8, _ => true));
    }

    private static void Make(string directory, string name, string state, int queues, string rps, string threaded)
    {
        var place = Path.Combine(directory, name);
        for (var i = 0; i < queues; i++)
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(place, "queues", $"rx-{i}")).FullName, "rps_cpus"), rps + "\n");
        File.WriteAllText(Path.Combine(place, "operstate"), state + "\n");
        File.WriteAllText(Path.Combine(place, "threaded"), threaded + "\n");
    }
}
