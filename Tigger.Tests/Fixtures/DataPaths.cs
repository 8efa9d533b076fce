namespace Tigger.Tests.Fixtures;

/// <summary>Every data path the behaviour tests run over.</summary>
public static class DataPaths
{
    /// <summary>PgBouncer, where it stands in for Tigger, has one path only.</summary>
    public static IReadOnlyList<DataPath> All { get; } = PoolerProgram.IsReference ? [DataPath.User] : Enum.GetValues<DataPath>();

    /// <summary>Those with everybody on this host.</summary>
    public static IReadOnlyList<DataPath> Local { get; } = [.. All.Where(IsLocal)];

    /// <summary>One theory row per path, with the given arguments behind it; skipped where the machine does not permit the path.</summary>
    public static IEnumerable<ITheoryDataRow> Rows(IEnumerable<DataPath> paths, params object[] arguments) =>
        paths.Select(path => new TheoryDataRow([path, .. arguments]) { Skip = path.SkipReason() });

    public static bool IsLocal(this DataPath path) => path is DataPath.User or DataPath.Kernel;

    /// <summary>Whether the kernel moves the bytes: it does not yet where both ends are on other hosts.</summary>
    public static bool IsInKernel(this DataPath path) => path is DataPath.Kernel or DataPath.KernelRemoteClient or DataPath.KernelRemoteServer or DataPath.KernelRemote;

    /// <summary>As the configuration spells it. Never auto: a test that means the kernel must not pass without it.</summary>
    public static string Setting(this DataPath path) => path is DataPath.User ? "user" : "kernel";

    /// <summary>BPF comes first: a run without it may skip, see run-tests.sh.</summary>
    private static string? SkipReason(this DataPath path) =>
        path is DataPath.User ? null : BpfAvailability.SkipReason ?? (path.IsLocal() ? null : RemoteHost.SkipReason);
}
