namespace Tigger.Benchmarks;

/// <summary>A place pgbench can connect to.</summary>
/// <param name="Name">One of <see cref="Targets"/>.</param>
/// <param name="Version">What the program says of itself.</param>
/// <param name="Port">TCP port on the loopback address.</param>
/// <param name="Proxy">The pooler's process; none for a direct connection.</param>
/// <param name="KeepsPreparedStatements">Whether a statement prepared once can be executed in later transactions.</param>
/// <param name="Unavailable">Why it cannot be measured on this machine at all, if so.</param>
internal sealed record BenchmarkTarget(
    string Name, string Version, int Port, ChildProcess? Proxy, bool KeepsPreparedStatements, string? Unavailable = null)
{
    public string? WhyNot(string mode)
    {
        if (Unavailable is not null)
            return Unavailable;
        return mode == "prepared" && !KeepsPreparedStatements
            ? $"{Version} has no named prepared statements in transaction mode (PgBouncer has them since 1.21)"
            : null;
    }
}
