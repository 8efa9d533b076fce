namespace Tigger.Benchmarks;

/// <summary>Who is on another host than the poolers.</summary>
internal sealed record RemoteEnds(bool Clients, bool Servers)
{
    /// <summary>All four, the simplest first.</summary>
    public static IReadOnlyList<RemoteEnds> All { get; } = [new(false, false), new(true, false), new(false, true), new(true, true)];

    /// <summary>As the table says it.</summary>
    public override string ToString() => (Clients, Servers) switch
    {
        (false, false) => "nobody",
        (true, false) => "clients",
        (false, true) => "PostgreSQL",
        _ => "both",
    };
}
