namespace Tigger.Benchmarks;

/// <summary>Names of what can be measured.</summary>
internal static class Targets
{
    public const string Direct = "direct";
    public const string PgBouncer = "pgbouncer";
    public const string Tigger = "tigger";
}
