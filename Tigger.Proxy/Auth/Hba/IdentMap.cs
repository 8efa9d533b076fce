using System.Text.RegularExpressions;

namespace Tigger.Auth.Hba;

/// <summary>One map of an ident file: which system user (or certificate) may be which database user.</summary>
public sealed class IdentMap
{
    private readonly List<Entry> _entries = [];

    internal IdentMap(string name) => Name = name;

    public string Name { get; }

    /// <summary>Whether some line lets <paramref name="systemUser"/> log in as <paramref name="databaseUser"/>.</summary>
    public bool Allows(string systemUser, string databaseUser) => _entries.Exists(entry => entry.Allows(systemUser, databaseUser));

    /// <param name="systemUser">A name, or an expression with a slash in front.</param>
    /// <param name="databaseUser">A name, in which <c>\1</c> stands for what the expression's first group matched, or an expression.</param>
    /// <param name="allUsers">The keyword <c>all</c> stands in the place of the database user.</param>
    /// <exception cref="AuthSyntaxException">An expression is wrong.</exception>
    internal void Add(string systemUser, string databaseUser, bool allUsers)
    {
        Regex? system = NamePattern.IsPattern(systemUser) ? NamePattern.Compile(systemUser) : null;
        Regex? database = !allUsers && NamePattern.IsPattern(databaseUser) ? NamePattern.Compile(databaseUser) : null;
        bool substitutes = system is not null && databaseUser.Contains(@"\1", StringComparison.Ordinal);
        if (substitutes && system!.GetGroupNumbers().Length < 2)
        {
            throw new AuthSyntaxException($@"the expression ""{systemUser[1..]}"" has no group for the \1 in ""{databaseUser}""");
        }

        _entries.Add(new Entry(systemUser, system, databaseUser, database, allUsers, substitutes));
    }

    private sealed record Entry(
        string SystemUser, Regex? System, string DatabaseUser, Regex? Database, bool AllUsers, bool Substitutes)
    {
        public bool Allows(string systemUser, string databaseUser)
        {
            string wanted = DatabaseUser;
            if (System is null)
            {
                if (systemUser != SystemUser)
                {
                    return false;
                }
            }
            else if (System.Match(systemUser) is not { Success: true } match)
            {
                return false;
            }
            else if (Substitutes)
            {
                wanted = DatabaseUser.Replace(@"\1", match.Groups[1].Value, StringComparison.Ordinal);
            }

            return AllUsers || (Database?.IsMatch(databaseUser) ?? wanted == databaseUser);
        }
    }
}
