using Tigger.Kernel;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Kernel;

/// <summary>What `tigger doctor` measures holds on this kernel, and a kernel that behaves otherwise would be noticed.</summary>
[Collection(BpfTestsDefinition.Name)]
public sealed class SelfTestTests
{
    public static TheoryData<string> Names => new(SelfTest.Cases.Select(one => one.Name));

    private static string Cgroup => CgroupTree.OfThisProcess()?.MountPoint ?? "/sys/fs/cgroup";

    [RequiresBpfTheory]
    [MemberData(nameof(Names))]
    public void Measure_EachCapability_IsThere(string name)
    {
        using ProbeObject probe = new();
        Assert.NotEmpty(SelfTest.Cases.Single(one => one.Name == name).Measure(new(probe, Cgroup)));
    }

    [RequiresBpfFact]
    public void Measure_AllOnOneProbeTwice_LeaveNothingThatDisturbsTheNext()
    {
        using ProbeObject probe = new();
        SelfTest test = new(probe, Cgroup);
        Assert.All(SelfTest.Cases.Concat(SelfTest.Cases), one => Assert.NotEmpty(one.Measure(test)));
    }

    [RequiresBpfTheory]
    [InlineData("probe_lock", "came by TCP")]
    [InlineData("probe_swallow", "0 of 5 bytes arrived")]
    [InlineData("probe_push", "ran 1 times instead of 2")]
    public void Expectations_OfAProgramThatDoesSomethingElse_Fail(string program, string complaint)
    {
        using ProbeObject probe = new();
        SelfTest test = new(probe, Cgroup);
        var fault = Assert.Throws<SelfTestException>(() => test.RedirectBy(program, "-word"u8, runs: program == "probe_push" ? 2u : 0u));
        Assert.Contains(complaint, fault.Message, StringComparison.Ordinal);
    }

    [RequiresBpfFact]
    public void Arrivals_OfAProgramThatLeavesThemToTheConnection_Fail()
    {
        using ProbeObject probe = new();
        var fault = Assert.Throws<SelfTestException>(() => new SelfTest(probe, Cgroup).Arrive("probe_lock"));
        Assert.Contains("0 of 7 bytes arrived", fault.Message, StringComparison.Ordinal);
    }

    [RequiresBpfFact]
    public void Arrivals_ThatFail_AreNoReasonAgainstOtherPools()
    {
        Assert.Null(SelfTestRun.WhyNoArrivals(Cgroup));
        var broken = SelfTest.Arrivals with { Measure = test => test.Arrive("probe_lock") };
        using ProbeObject probe = new();
        var check = SelfTestRun.Measure(broken, new(probe, Cgroup));
        Assert.Equal(CheckState.Warn, check.State);
        Assert.Contains("PostgreSQL is on another host", check.Finding, StringComparison.Ordinal);
    }

    [RequiresBpfFact]
    public void Run_OnACgroupThatIsNotThere_FailsThatCaseOnly()
    {
        var checks = SelfTestRun.Measure("/nowhere/at/all").ToList();
        var failed = Assert.Single(checks, check => check.State == CheckState.Fail);
        Assert.Equal("sock_ops", failed.Name);
        Assert.Contains("/nowhere/at/all", failed.Finding, StringComparison.Ordinal);
    }
}
