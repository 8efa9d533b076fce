using System.Text.RegularExpressions;

namespace Tigger.Auth.Hba;

/// <summary>The databases or the users of one rule.</summary>
internal sealed class HbaNames
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<Regex> _patterns = [];

    /// <summary>The keyword <c>all</c>.</summary>
    public bool All { get; set; }

    /// <summary>The keyword <c>sameuser</c>: database and user have one name.</summary>
    public bool SameUser { get; set; }

    /// <summary>The keyword <c>replication</c>.</summary>
    public bool Replication { get; set; }

    public void Add(string name) => _names.Add(name);

    public void Add(Regex pattern) => _patterns.Add(pattern);

    /// <param name="name">The name in question.</param>
    /// <param name="other">For a database the user's name, for a user the database's.</param>
    public bool Matches(string name, string other) =>
        All || (SameUser && name == other) || _names.Contains(name) || _patterns.Exists(pattern => pattern.IsMatch(name));
}
