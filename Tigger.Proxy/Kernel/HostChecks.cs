using Tigger.Kernel.Interop;

namespace Tigger.Kernel;

/// <summary>What can be looked up: files of /proc and /sys, and a library.</summary>
internal static class HostChecks
{
    private const string BtfFile = "/sys/kernel/btf/vmlinux";
    private const string UnprivilegedFile = "/proc/sys/kernel/unprivileged_bpf_disabled";

    /// <summary>
    /// Mainline has the last of what is needed since here: a spin lock in SYSCALL programs (commit 5861d1e8dbc4). Others are the
    /// network namespace's cookie of 5.15 and bpf_rdonly_cast of 6.2. Distributions backport, so an older number is no failure.
    /// </summary>
    private static readonly KernelVersion Expected = new(6, 6, 0);

    /// <summary>From here on BPF's memory is charged to the cgroup.</summary>
    private static readonly KernelVersion NoLockedMemory = new(5, 11, 0);

    public static IEnumerable<KernelCheck> Version(KernelVersion? found)
    {
        const string Name = "kernel";
        if (found is not { } version)
        {
            yield return KernelCheck.Fail(Name, "the release of this kernel is not a version of Linux", "use a Linux kernel of 6.6 or later");
            yield break;
        }

        yield return version < Expected
            ? KernelCheck.Warn(Name, $"{version} lacks what Linux 6.6 has, unless its distributor added it: the self-test tells", "use a later kernel")
            : KernelCheck.Ok(Name, $"{version}; by its number it has all that co-located ends need of sk_msg, sock_ops and SYSCALL programs");
        yield return version.HasSegmentFixes
            ? KernelCheck.Ok("sk_skb fixes", $"in {version} by its number (for remote ends; co-located ones do not need them)")
            : KernelCheck.Warn(
                "sk_skb fixes",
                $"not in {version} by its number: remote ends stay on the user path, co-located ones do not need them",
                "use 6.16 or later, 6.12.34, 6.6.94, 6.1.142 or 5.15.190");
    }

    public static KernelCheck Btf() => File.Exists(BtfFile)
        ? KernelCheck.Ok("BTF", BtfFile)
        : KernelCheck.Fail("BTF", $"{BtfFile} is missing", "use a kernel built with CONFIG_DEBUG_INFO_BTF=y, as distributions do");

    public static KernelCheck RemoteServers() => KernelTypes.CountsRedirectedBytes
        ? KernelCheck.Ok("redirected bytes", "this kernel keeps count of what is read after a redirection (for PostgreSQL on another host)")
        : KernelCheck.Warn(
            "redirected bytes",
            "this kernel miscounts what is read after a redirection: pools whose PostgreSQL is on another host stay on the user path",
            "use a kernel with the corrections of January 2026, such as 6.18.44");

    public static KernelCheck LibBpf() => LibBpfLibrary.IsAvailable
        ? KernelCheck.Ok("libbpf", $"{Interop.LibBpf.Library} {LibBpfLibrary.Version}")
        : KernelCheck.Fail("libbpf", $"{Interop.LibBpf.Library} cannot be loaded", "install it; on Debian and Ubuntu: apt-get install libbpf1");

    public static KernelCheck Capabilities(CapabilitySet effective)
    {
        IReadOnlyList<string> missing = effective.MissingForBpf;
        return missing.Count == 0
            ? KernelCheck.Ok("capabilities", $"this process has {string.Join(", ", effective.Names)}")
            : KernelCheck.Fail(
                "capabilities",
                $"this process lacks {string.Join(", ", missing)}",
                "give it these, root is not needed: under systemd AmbientCapabilities=CAP_BPF CAP_NET_ADMIN CAP_PERFMON");
    }

    public static KernelCheck UnprivilegedBpf()
    {
        const string Name = "unprivileged BPF";
        if (!File.Exists(UnprivilegedFile)) return KernelCheck.Fail(Name, $"{UnprivilegedFile} is missing: this kernel has no BPF system call");
        return File.ReadAllText(UnprivilegedFile).Trim() switch
        {
            "0" => KernelCheck.Ok(Name, "allowed for everyone (kernel.unprivileged_bpf_disabled=0); Tigger does not need that"),
            "1" => KernelCheck.Ok(Name, "refused until the next boot (kernel.unprivileged_bpf_disabled=1); the capabilities above count"),
            string value => KernelCheck.Ok(Name, $"refused (kernel.unprivileged_bpf_disabled={value}); the capabilities above count"),
        };
    }

    public static KernelCheck LockedMemory(KernelVersion? version) => version >= NoLockedMemory
        ? KernelCheck.Ok("RLIMIT_MEMLOCK", "does not bound BPF since Linux 5.11")
        : KernelCheck.Warn("RLIMIT_MEMLOCK", "bounds BPF before Linux 5.11", "set LimitMEMLOCK=infinity");

    public static IEnumerable<KernelCheck> Cgroups(CgroupTree? tree)
    {
        const string Name = "cgroup v2";
        if (tree is null)
        {
            yield return KernelCheck.Fail(Name, "no cgroup2 file system is mounted", "mount -t cgroup2 none /sys/fs/cgroup/unified");
            yield break;
        }

        yield return Open(Name, tree);
        yield return tree.IsWholeTree
            ? KernelCheck.Ok("sockets in reach", $"those of every process on this machine; own cgroup {tree.OwnPath}")
            : KernelCheck.Warn(
                "sockets in reach",
                $"those of this cgroup subtree only, as in a container (own cgroup {tree.OwnPath}): pools of PostgreSQL elsewhere stay on the user path",
                "run PostgreSQL and the clients in this container's subtree, or Tigger outside of containers");
    }

    private static KernelCheck Open(string name, CgroupTree tree)
    {
        try
        {
            using CgroupDirectory directory = new(tree.MountPoint);
            return KernelCheck.Ok(name, $"{directory.Path}{(tree.IsHybrid ? ", beside version 1" : "")}");
        }
        catch (BpfException fault)
        {
            return KernelCheck.Fail(name, fault.Message, $"make {tree.MountPoint} readable for this process");
        }
    }
}
