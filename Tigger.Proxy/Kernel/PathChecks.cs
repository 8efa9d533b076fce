using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Tigger.Kernel.Interop;

namespace Tigger.Kernel;

/// <summary>The data path's own programs, loaded and attached for a moment; and whether they share the machine with others of their kind.</summary>
internal static class PathChecks
{
    /// <summary>errno of a socket whose program is another's (asm-generic/errno-base.h).</summary>
    private const int Busy = 16;

    private const string ForeignName = "other sk_msg";
    private const string Remedy = "use a maintained kernel (6.12 or 6.18, with its corrections), or data_path: user";

    /// <param name="cgroup">The cgroup Tigger attaches to.</param>
    public static IEnumerable<KernelCheck> Measure(string cgroup) => [Programs(), Neighbours(cgroup), Foreign()];

    /// <summary>Listens nowhere, so that no connection of the machine enters.</summary>
    private static KernelCheck Programs()
    {
        const string Name = "data path";
        try
        {
            using KernelPath path = KernelPath.Open(NullLogger.Instance, maximumClients: 1);
            int number = path.AllocatePool();
            path.FreePool(number);
            return KernelCheck.Ok(Name, "its programs were loaded, attached and taken out again");
        }
        catch (Exception fault) when (fault is BpfException or SelfTestException)
        {
            return KernelCheck.Fail(Name, fault is BpfException known ? known.Summary : fault.Message, Remedy);
        }
    }

    /// <summary>Programs of cgroups run one after the other, so others do no harm; it helps to know of them.</summary>
    private static KernelCheck Neighbours(string cgroup)
    {
        const string Name = "other sock_ops";
        try
        {
            using CgroupDirectory directory = new(cgroup);
            int count = directory.CountPrograms(BpfAttachType.CgroupSocketOperations);
            return KernelCheck.Ok(Name, count == 0 ? $"none at {cgroup}" : $"{count} at {cgroup}; they and Tigger's run one after the other");
        }
        catch (BpfException fault)
        {
            return KernelCheck.Warn(Name, fault.Summary);
        }
    }

    private static KernelCheck Foreign()
    {
        try
        {
            using LoopbackPair pair = LoopbackPair.Connect();
            return Foreign(pair);
        }
        catch (SocketException fault)
        {
            return KernelCheck.Warn(ForeignName, fault.Message);
        }
    }

    /// <summary>A socket has one sk_msg program. If somebody gives one to every connection, this fresh one has it already.</summary>
    internal static KernelCheck Foreign(LoopbackPair pair)
    {
        try
        {
            using ProbeObject probe = new();
            probe.Use("probe_redirect");
            probe.Enter(pair.Near, 0);
            probe.Enter(pair.Far, 1);
            return KernelCheck.Ok(ForeignName, "none has a new loopback connection of this process");
        }
        catch (BpfException fault)
        {
            return KernelCheck.Warn(
                ForeignName,
                fault.Error == Busy ? "another program has a new loopback connection of this process: such sockets stay with it, and on the user path" : fault.Summary,
                "exempt PostgreSQL's connections there (Cilium: sockops-enable, Istio and Merbridge: their annotations), or use data_path: user");
        }
    }
}
