namespace Tigger.Kernel;

/// <summary>Finds out whether the kernel path for co-located ends can run in this process, on this machine.</summary>
public static class KernelSupport
{
    /// <summary>Everything: what can be looked up, and if nothing of it is missing a live self-test on loopback.</summary>
    public static DoctorReport Examine()
    {
        DoctorReport prerequisites = Prerequisites();
        IEnumerable<KernelCheck> measured = prerequisites.Usable
            ? [.. SelfTestRun.Measure(CgroupTree.OfThisProcess()!.MountPoint), .. PathChecks.Measure(CgroupTree.OfThisProcess()!.MountPoint)]
            : [KernelCheck.Warn("self-test", "not run, because of what failed above")];
        return new DoctorReport([.. prerequisites.Checks, .. measured]);
    }

    /// <summary>What can be looked up without loading anything.</summary>
    public static DoctorReport Prerequisites()
    {
        KernelVersion? version = KernelVersion.OfThisMachine();
        return new DoctorReport(
        [
            .. HostChecks.Version(version),
            HostChecks.Btf(),
            HostChecks.RemoteServers(),
            HostChecks.LibBpf(),
            HostChecks.Capabilities(CapabilitySet.OfThisProcess()),
            HostChecks.UnprivilegedBpf(),
            HostChecks.LockedMemory(version),
            .. HostChecks.Cgroups(CgroupTree.OfThisProcess()),
            .. NetworkHints.OfThisMachine(),
        ]);
    }
}
