namespace Tigger.Auth.Hba;

/// <summary>The maps of an ident file, PostgreSQL's <c>pg_ident.conf</c>: <c>map-name system-user database-user</c> per line.</summary>
public sealed class IdentMaps
{
    private readonly Dictionary<string, IdentMap> _maps = new(StringComparer.Ordinal);
    private readonly List<HbaFault> _faults = [];

    private IdentMaps()
    {
    }

    public static IdentMaps None { get; } = new();

    /// <summary>Lines that were left out, in their order.</summary>
    public IReadOnlyList<HbaFault> Faults => _faults;

    /// <summary>Reads a whole file; never throws because of what is in it.</summary>
    public static IdentMaps Parse(string text)
    {
        IdentMaps maps = new();
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            number++;
            try
            {
                maps.Read(line);
            }
            catch (AuthSyntaxException fault)
            {
                maps._faults.Add(new HbaFault(number, $"could not parse ident config line {number}: {fault.Message}"));
            }
        }

        return maps;
    }

    /// <summary>The map of that name; null: no line has it.</summary>
    public IdentMap? Find(string name) => _maps.GetValueOrDefault(name);

    private void Read(ReadOnlySpan<char> line)
    {
        HbaTokenizer tokens = new(line);
        if (tokens.AtEnd)
        {
            return;
        }

        string name = tokens.TakeText("the name of a map");
        string systemUser = tokens.TakeText("a system user");
        bool allUsers = tokens is { Kind: HbaTokenKind.Word, Text: "all" };
        string databaseUser = tokens.TakeText("a database user");
        if (!tokens.AtEnd)
        {
            throw new AuthSyntaxException("unsupported parameters");
        }

        IdentMap map = _maps.GetValueOrDefault(name) ?? new IdentMap(name);
        map.Add(systemUser, databaseUser, allUsers);
        _maps[name] = map;
    }
}
