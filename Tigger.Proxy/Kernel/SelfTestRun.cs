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

    private static KernelCheck Measure(SelfTestCase one, SelfTest test)
    {
        try
        {
            return KernelCheck.Ok(one.Name, one.Measure(test));
        }
        catch (Exception fault) when (fault is SelfTestException or BpfException or SocketException)
        {
            return KernelCheck.Fail(one.Name, fault is BpfException known ? known.Summary : fault.Message, Remedy);
        }
    }
}
