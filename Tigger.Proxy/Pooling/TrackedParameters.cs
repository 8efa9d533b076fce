using Tigger.Protocol;

namespace Tigger.Pooling;

/// <summary>
/// The server parameters that follow a client from server to server: PgBouncer's five and <c>track_extra_parameters</c>.
/// Names compare without case, as PostgreSQL's do.
/// </summary>
public sealed class TrackedParameters
{
    private static readonly string[] Always =
        ["client_encoding", "DateStyle", "TimeZone", "standard_conforming_strings", "application_name"];

    private readonly Dictionary<string, int> _index = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _names = [];

    public TrackedParameters(IEnumerable<string> extra)
    {
        foreach (string name in Always.Concat(extra))
        {
            if (_index.TryAdd(name, _names.Count))
            {
                _names.Add(name);
            }
        }
    }

    public IReadOnlyList<string> Names => _names;

    /// <summary>Position of a tracked name in every <see cref="ParameterProfile"/>, -1 for others.</summary>
    public int IndexOf(string name) => _index.GetValueOrDefault(name, -1);

    /// <summary>
    /// The SET commands that make a server with <paramref name="server"/> look like <paramref name="client"/>; null when none
    /// is needed.
    /// </summary>
    public string? Difference(ParameterProfile server, ParameterProfile client)
    {
        if (ReferenceEquals(server, client))
        {
            return null;
        }

        string? commands = null;
        for (int i = 0; i < _names.Count; i++)
        {
            if (client[i] is { } wanted && wanted != server[i])
            {
                commands += $"SET {_names[i]}={SqlLiteral.Quote(wanted)};";
            }
        }

        return commands;
    }
}
