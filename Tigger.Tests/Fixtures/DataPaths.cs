namespace Tigger.Tests.Fixtures;

/// <summary>Every data path the behaviour tests run over.</summary>
public static class DataPaths
{
    /// <summary>PgBouncer, where it stands in for Tigger, has one path only.</summary>
    private static readonly DataPath[] All = PoolerProgram.IsReference ? [DataPath.User] : [DataPath.User, DataPath.Kernel];

    /// <summary>One theory row per path, with the given arguments behind it; skipped for BPF's sake where that cannot be used.</summary>
    public static IEnumerable<ITheoryDataRow> Rows(params object[] arguments) => All.Select(path => new TheoryDataRow([path, .. arguments])
    {
        Skip = path == DataPath.Kernel ? BpfAvailability.SkipReason : null,
    });

    /// <summary>As the configuration spells it. Never auto: a test that means the kernel must not pass without it.</summary>
    public static string Setting(this DataPath path) => path switch
    {
        DataPath.User => "user",
        DataPath.Kernel => "kernel",
        _ => throw new ArgumentOutOfRangeException(nameof(path)),
    };
}
