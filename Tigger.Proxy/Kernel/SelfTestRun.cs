using System.Net.Sockets;
using Tigger.Kernel.Interop;

namespace Tigger.Kernel;

/// <summary>Runs the self-test and makes a check of each of its cases.</summary>
internal static class SelfTestRun
{
    private const string Remedy = "use a maintained kernel (6.12 or 6.18, with its corrections); the user path does not need it";

    /// <param name="cgroup">The cgroup to attach to for the moment of one connection.</param>
    public static IEnumerable<KernelCheck> Measure(string cgroup)
    {
        List<KernelCheck> checks = [];
        try
        {
            using ProbeObject probe = new();
            checks.Add(KernelCheck.Ok("load", "the verifier took the programs of the self-test"));
            SelfTest test = new(probe, cgroup);
            checks.AddRange(SelfTest.Cases.Select(one => Measure(one, test)));
        }
        catch (BpfException fault)
        {
            checks.Add(KernelCheck.Fail("load", fault.Summary, Remedy));
        }

        return checks;
    }

    /// <summary>Why what arrives from PostgreSQL on another host cannot be the kernel's; null: it can.</summary>
    public static string? WhyNoArrivals(string cgroup)
    {
        try
        {
            using ProbeObject probe = new();
            KernelCheck check = Measure(SelfTest.Arrivals, new SelfTest(probe, cgroup));
            return check.State == CheckState.Ok ? null : $"self-test {check.Name}: {check.Finding}";
        }
        catch (BpfException fault)
        {
            return $"self-test: {fault.Summary}";
        }
    }

    internal static KernelCheck Measure(SelfTestCase one, SelfTest test)
    {
        try
        {
            return KernelCheck.Ok(one.Name, one.Measure(test));
        }
        catch (Exception fault) when (fault is SelfTestException or BpfException or SocketException)
        {
            string finding = fault is BpfException known ? known.Summary : fault.Message;
            return one.IsForRemoteServers
                ? KernelCheck.Warn(one.Name, $"{finding}: pools whose PostgreSQL is on another host stay on the user path", Remedy)
                : KernelCheck.Fail(one.Name, finding, Remedy);
        }
    }
}
