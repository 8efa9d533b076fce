using System.Globalization;

namespace Tigger.Benchmarks;

/// <summary>Names of what can be measured, as the command line takes them.</summary>
internal static class Targets
{
    public const string Direct = "direct";
    public const string PgBouncer = "pgbouncer";
    public const string TiggerUser = "tigger-user";
    public const string TiggerKernel = "tigger-kernel";

    public static IReadOnlyList<string> All { get; } = [Direct, PgBouncer, TiggerUser, TiggerKernel];

    /// <summary>Both data paths without mirrors and with some.</summary>
    public static IReadOnlyList<string> Mirrored { get; } =
        [.. from name in (string[])[TiggerUser, TiggerKernel] from mirrors in Enumerable.Range(0, MostMirrors + 1) select WithMirrors(name, mirrors)];

    /// <summary>Mirrors of a target of <see cref="Mirrored"/>.</summary>
    public const int MostMirrors = 2;

    private const char Plus = '+';

    /// <summary>As the table says it.</summary>
    public static string Title(string name) => Plain(name) switch
    {
        TiggerUser => "Tigger (user)",
        TiggerKernel => "Tigger (kernel)",
        _ => name,
    } + (Mirrors(name) is > 0 and var mirrors ? $" + {mirrors}" : "");

    /// <summary>The target without its mirrors.</summary>
    public static string Plain(string name) => name.Split(Plus)[0];

    /// <summary>How many mirrors it has.</summary>
    public static int Mirrors(string name) => name.Contains(Plus) ? int.Parse(name.Split(Plus)[1], CultureInfo.InvariantCulture) : 0;

    /// <summary>The setting <c>data_path</c> of a Tigger. Never auto: what was measured must be what the table says.</summary>
    public static string DataPath(string name) => Plain(name) == TiggerKernel ? "kernel" : "user";

    private static string WithMirrors(string name, int mirrors) => mirrors == 0 ? name : $"{name}{Plus}{mirrors}";
}
