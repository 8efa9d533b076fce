namespace Tigger.Pooling;

/// <summary>
/// The startup parameters of a client of session pooling. A server that was opened with them has them for reset values, as a
/// backend of the client's own would.
/// </summary>
/// <param name="Asked">Tracked parameters as the client wrote them; null where it wrote nothing.</param>
/// <param name="Others">All further ones, by name as written, in order.</param>
public sealed record SessionStartup(ParameterProfile Asked, IReadOnlyList<KeyValuePair<string, string>> Others)
{
    /// <summary>The client replicates: the server is for nothing else, and what it speaks may not be SQL.</summary>
    public bool IsReplication { get; init; }

    /// <summary>The further ones in one text; equal texts are equal parameters.</summary>
    public string OthersText { get; } = string.Concat(Others.Select(one => $"{one.Key}\0{one.Value}\0"));

    /// <summary>All of them as a StartupMessage has them.</summary>
    public IEnumerable<KeyValuePair<string, string>> All(TrackedParameters tracked) =>
        Enumerable.Range(0, tracked.Names.Count)
            .Where(index => Asked[index] is not null)
            .Select(index => KeyValuePair.Create(tracked.Names[index], Asked[index]!))
            .Concat(Others);
}
