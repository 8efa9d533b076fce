using System.Text;
using Tigger.Hosting;

namespace Tigger.Config.Reference;

/// <summary>The configuration reference as the manual page tigger.yaml(5).</summary>
internal static class ManReference
{
    public static string Write()
    {
        StringBuilder text = new();
        text.Append(
            $"""
            .TH TIGGER.YAML 5 "" "Tigger {Escape(ProductVersion.Text)}" "Tigger"
            .SH NAME
            tigger.yaml \- configuration of the PostgreSQL connection pooler tigger
            .SH DESCRIPTION
            A YAML file. Global settings stand at the top level;
            .BR databases ", " users " and " peers
            are maps. Durations are written 5s, 200ms, 2min, 1h, 1d, sizes 256KiB, 1MB; a bare number has the unit that is named below.
            Booleans are 1/0, yes/no, on/off, true/false. A list is [a, b] or "a, b". Relative paths count from the directory of the file.
            An unknown or repeated key is an error. PgBouncer\(aqs own file (pgbouncer.ini) is read, too; names and meanings are its own,
            where nothing else is said.

            """);
        foreach (ReferenceSection section in ReferenceSection.All)
        {
            text.Append(".SH ").Append(Escape(section.Title.ToUpperInvariant())).Append('\n').Append(Escape(section.Introduction)).Append('\n');
            foreach (ReferenceEntry entry in section.Entries)
            {
                text.Append(".TP\n.B ").Append(Escape(entry.Name)).Append('\n').Append(Escape(entry.Description)).Append('\n');
                text.Append(Escape($"[{string.Join("; ", Facts(entry))}]")).Append('\n');
            }
        }

        return text.Append(".SH SEE ALSO\n.BR tigger (1)\n").ToString();
    }

    private static IEnumerable<string> Facts(ReferenceEntry entry)
    {
        yield return entry.Default switch { null => "not set by default", "" => "default: empty", var text => $"default: {text}" };
        if (entry.Unit.Length > 0)
        {
            yield return $"unit: {entry.Unit}";
        }

        if (!entry.Reload)
        {
            yield return "at start only";
        }

        if (entry.PgBouncer.Count == 0)
        {
            yield return "Tigger's own";
        }
    }

    // A full stop or an apostrophe that begins a line would be a request to troff.
    private static string Escape(string text)
    {
        string escaped = text
            .Replace("\\", "\\e", StringComparison.Ordinal)
            .Replace("-", "\\-", StringComparison.Ordinal)
            .Replace("'", "\\(aq", StringComparison.Ordinal);
        return escaped.StartsWith('.') ? $"\\&{escaped}" : escaped;
    }
}
