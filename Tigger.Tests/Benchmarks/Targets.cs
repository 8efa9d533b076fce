namespace Tigger.Benchmarks;

/// <summary>Names of what can be measured, as the command line takes them.</summary>
internal static class Targets
{
    public const string Direct = "direct";
    public const string PgBouncer = "pgbouncer";
    public const string TiggerUser = "tigger-user";
    public const string TiggerKernel = "tigger-kernel";

    public static IReadOnlyList<string> All { get; } = [Direct, PgBouncer, TiggerUser, TiggerKernel];

    /// <summary>As the table says it.</summary>
    public static string Title(string name) => name switch
    {
        TiggerUser => "Tigger (user)",
        TiggerKernel => "Tigger (kernel)",
        _ => name,
    };

    /// <summary>The setting <c>data_path</c> of a Tigger. Never auto: what was measured must be what the table says.</summary>
    public static string DataPath(string name) => name == TiggerKernel ? "kernel" : "user";
}
