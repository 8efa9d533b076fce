using Tigger.Kernel;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Kernel;

/// <summary>What `tigger doctor` finds out with the data path's own programs, and about others'.</summary>
[Collection(BpfTestsDefinition.Name)]
public sealed class PathChecksTests
{
    [RequiresBpfFact]
    public void Measure_OnThisMachine_FailsNothingAndLeavesNothing()
    {
        var before = KernelObjects.Held();
        Assert.DoesNotContain(PathChecks.Measure(CgroupTree.OfThisProcess()!.MountPoint), check => check.State == CheckState.Fail);
        Assert.Equal(0, KernelObjects.Held().Except(before).Count);
    }

    [RequiresBpfFact]
    public void Foreign_SocketWithAnothersProgram_WarnsAndLeavesItAlone()
    {
        using ProbeObject other = new();
        other.Use("probe_redirect");
        using var pair = LoopbackPair.Connect();
        other.Enter(pair.Near, 0);
        other.Enter(pair.Far, 1);
        var check = PathChecks.Foreign(pair);
        Assert.Equal((CheckState.Warn, "other sk_msg"), (check.State, check.Name));
        Assert.Contains("another program has", check.Finding, StringComparison.Ordinal);
        LoopbackPair.Send(pair.Near, "still theirs"u8);
        LoopbackPair.Expect(pair.Far, "still theirs"u8, "the peer");
    }

    [Fact]
    public void LentPath_AsText_ComesBack()
    {
        LentPath lent = new(9, 64, "no arrivals", [new("tigger_arm", 3)], [new("slots", 4, 4, 100), new("sockets", 5, 8, 8)]);
        var back = LentPath.Parse(lent.ToText());
        Assert.Equal(lent.ToText(), back.ToText());
        Assert.Equal("no arrivals", back.NoArrivalsReason);
        Assert.Equal([9, 3, 4, 5], back.Descriptors);
    }
}
