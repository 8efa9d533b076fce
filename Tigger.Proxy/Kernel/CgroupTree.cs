using System.Globalization;
using System.Text.RegularExpressions;

namespace Tigger.Kernel;

/// <summary>
/// The cgroup v2 tree as this process sees it. A sock_ops program sees the sockets of the processes below the cgroup it is
/// attached to, so the top of what is visible here bounds which ends can be entered.
/// </summary>
/// <param name="MountPoint">Where the tree is mounted; the cgroup to attach to.</param>
/// <param name="IsHybrid">Version 1 controllers are mounted beside it.</param>
/// <param name="IsWholeTree">The mount point is the machine's root cgroup, not that of a container.</param>
/// <param name="OwnPath">This process's cgroup, from the root of its cgroup namespace.</param>
public sealed partial record CgroupTree(string MountPoint, bool IsHybrid, bool IsWholeTree, string OwnPath)
{
    /// <summary>Null when no cgroup v2 tree is mounted.</summary>
    public static CgroupTree? OfThisProcess() =>
        Parse(File.ReadAllText("/proc/self/mountinfo"), File.ReadAllText("/proc/self/cgroup"), File.Exists);

    /// <param name="mountinfo">proc_pid_mountinfo(5).</param>
    /// <param name="cgroup">The process's cgroup file, cgroups(7).</param>
    /// <param name="fileExists">Asked for a file that every cgroup but the root has.</param>
    public static CgroupTree? Parse(string mountinfo, string cgroup, Func<string, bool> fileExists)
    {
        string? point = null;
        bool hybrid = false;
        foreach (string line in mountinfo.Split('\n'))
        {
            // "36 35 98:0 /root /mount/point rw,noatime shared:1 - type source options": the optional fields end at the dash.
            int dash = line.IndexOf(" - ", StringComparison.Ordinal);
            if (dash < 0) continue;
            string type = line[(dash + 3)..].Split(' ')[0];
            hybrid |= type == "cgroup";
            if (type == "cgroup2") point ??= Unescape(line.Split(' ')[4]);
        }

        if (point is null) return null;
        string own = cgroup.Split('\n').FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal)) ?? "0::/";
        return new CgroupTree(point, hybrid, !fileExists(Path.Combine(point, "cgroup.events")), own[3..]);
    }

    /// <summary>The kernel writes space, tab, newline and backslash as three octal digits.</summary>
    private static string Unescape(string text) => OctalEscape().Replace(text, static match =>
        ((char)Convert.ToInt32(match.Groups[1].Value, 8)).ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\\([0-7]{3})")]
    private static partial Regex OctalEscape();
}
