using System.Text;

namespace Tigger.Config.Reference;

/// <summary>The configuration reference as Markdown, one table per section.</summary>
internal static class MarkdownReference
{
    public const string Introduction =
        """
        # Configuration reference

        Generated from the program's own table of settings: `make docs` writes this file, `tigger reference` prints it for the
        version that is installed.

        Durations are written `5s`, `200ms`, `2min`, `1h`, `1d`, sizes `256KiB`, `1MB` (powers of 1024); a bare number has the
        unit in the table. Booleans are `1`/`0`, `yes`/`no`, `on`/`off`, `true`/`false`. A list is `[a, b]` or `"a, b"`. Relative
        paths count from the directory of the file. *Reload* says whether SIGHUP, `RELOAD` or `SET` changes it in a running
        process, *PgBouncer* the name PgBouncer has for the same setting; – means that it is Tigger's own.

        """;

    public static string Write()
    {
        StringBuilder text = new(Introduction);
        foreach (ReferenceSection section in ReferenceSection.All)
        {
            text.Append('\n').Append("## ").Append(section.Title).Append("\n\n").Append(section.Introduction).Append("\n\n");
            text.Append("| name | default | unit | reload | PgBouncer | meaning |\n|---|---|---|---|---|---|\n");
            foreach (ReferenceEntry entry in section.Entries)
            {
                text.Append("| ").AppendJoin(" | ", Cells(entry)).Append(" |\n");
            }
        }

        return text.ToString();
    }

    private static string[] Cells(ReferenceEntry entry) =>
    [
        Code(entry.Name),
        entry.Default switch { null => "not set", "" => "empty", var text => Code(text) },
        entry.Unit.Length > 0 ? entry.Unit : "–",
        entry.Reload ? "yes" : "start only",
        entry.PgBouncer.Count > 0 ? string.Join(", ", entry.PgBouncer.Select(Code)) : "–",
        Escape(entry.Description),
    ];

    private static string Code(string text) => $"`{text.Replace("|", "\\|", StringComparison.Ordinal)}`";

    private static string Escape(string text) => text
        .Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("*", "\\*", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal);
}
