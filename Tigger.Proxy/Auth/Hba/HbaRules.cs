namespace Tigger.Auth.Hba;

/// <summary>
/// The rules of an HBA file, PostgreSQL's <c>pg_hba.conf</c> as far as PgBouncer knows it. The first line that matches a login
/// decides; a line that cannot be read is left out, as PgBouncer does, and is in <see cref="Faults"/>.
/// </summary>
public sealed class HbaRules
{
    private HbaRules(List<HbaRule> rules, List<HbaFault> faults)
    {
        Rules = rules;
        Faults = faults;
    }

    public IReadOnlyList<HbaRule> Rules { get; }

    /// <summary>What was left out or looks wrong, in the order of lines.</summary>
    public IReadOnlyList<HbaFault> Faults { get; }

    /// <summary>Reads a whole file; never throws because of what is in it.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="file">Its path, from which files named in it are found.</param>
    /// <param name="maps">The maps that lines may name.</param>
    /// <param name="readFile">Gives the text of another file.</param>
    public static HbaRules Parse(string text, string file, IdentMaps maps, Func<string, string> readFile)
    {
        List<HbaRule> rules = [];
        List<HbaFault> faults = [];
        HbaLineReader reader = new(file, maps, readFile);
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            number++;
            try
            {
                if (reader.Read(line, number, out string? warning) is { } rule)
                {
                    rules.Add(rule);
                }

                if (warning is not null)
                {
                    faults.Add(new HbaFault(number, warning));
                }
            }
            catch (AuthSyntaxException fault)
            {
                faults.Add(new HbaFault(number, $"could not parse hba config line {number}: {fault.Message}"));
            }
        }

        return new HbaRules(rules, faults);
    }

    /// <summary>The rule that decides about a login; null: there is none, and the login is refused.</summary>
    public HbaRule? Find(HbaRequest request)
    {
        foreach (HbaRule rule in Rules)
        {
            if (rule.Matches(request))
            {
                return rule;
            }
        }

        return null;
    }
}
