using System.Globalization;
using System.Net;
using System.Text;

namespace Tigger.Benchmarks.Report.Charts;

/// <summary>Bars that grow from 1 to the right where more than the reference was done, and to the left where less.</summary>
internal static class RatioChart
{
    private const int Width = 760, Left = 250, Right = 60, Top = 44, Bar = 13, Gap = 12, Bottom = 34;

    /// <param name="title">Above the chart.</param>
    /// <param name="rows">What was measured, with the ratio of each series.</param>
    /// <param name="series">Name and style of each, in the order of the ratios.</param>
    public static string Render(
        string title, IReadOnlyList<(string Name, IReadOnlyList<double?> Ratios)> rows, IReadOnlyList<(string Name, string Style)> series)
    {
        double[] all = [.. rows.SelectMany(row => row.Ratios).OfType<double>(), 1];
        Axis axis = new("", Math.Min(all.Min() / 1.1, 0.7), Math.Max(all.Max() * 1.1, 1.4), true);
        int rowHeight = (series.Count * Bar) + Gap;
        int bottom = Top + (rows.Count * rowHeight);
        StringBuilder svg = new();
        Add(svg, $"""<svg viewBox="0 0 {Width} {bottom + Bottom}" role="img" aria-label="{WebUtility.HtmlEncode(title)}">""");
        Add(svg, $"""<text class="title" x="10" y="20">{WebUtility.HtmlEncode(title)}</text>""");
        foreach (double tick in axis.Ticks)
        {
            Add(svg, $"""<line class="{(tick == 1 ? "mark" : "grid")}" x1="{X(axis, tick)}" x2="{X(axis, tick)}" y1="{Top - 8}" y2="{bottom}"/>""");
            Add(svg, $"""<text class="tick" text-anchor="middle" x="{X(axis, tick)}" y="{bottom + 14}">{Ticks.Text(tick)}×</text>""");
        }

        for (int i = 0; i < rows.Count; i++)
        {
            int top = Top + (i * rowHeight);
            Add(svg, $"""<text class="legend" text-anchor="end" x="{Left - 10}" y="{top + (series.Count * Bar / 2) + 4}">{WebUtility.HtmlEncode(rows[i].Name)}</text>""");
            for (int j = 0; j < series.Count; j++)
            {
                if (rows[i].Ratios[j] is not { } ratio)
                    continue;
                double from = Math.Min(axis.Share(1), axis.Share(ratio)), to = Math.Max(axis.Share(1), axis.Share(ratio));
                Add(svg, $"""<rect class="bar {series[j].Style}" x="{Number(At(from))}" width="{Number(Math.Max(At(to) - At(from), 1))}" y="{top + (j * Bar)}" height="{Bar - 2}"/>""");
                bool loss = ratio < 1;
                Add(svg, $"""<text class="tick{(loss ? " loss" : "")}" text-anchor="{(loss ? "end" : "start")}" x="{X(axis, ratio)}" dx="{(loss ? -4 : 4)}" y="{top + (j * Bar) + 9}">{ratio.ToString("0.00", CultureInfo.InvariantCulture)}</text>""");
            }
        }

        int left = Left;
        foreach ((string name, string style) in series)
        {
            Add(svg, $"""<rect class="bar {style}" x="{left}" width="12" y="{bottom + 20}" height="10"/><text class="legend" x="{left + 17}" y="{bottom + 29}">{WebUtility.HtmlEncode(name)}</text>""");
            left += 150;
        }

        return svg.Append("</svg>").ToString();
    }

    private static double At(double share) => Left + (share * (Width - Left - Right));

    private static string X(Axis axis, double value) => Number(At(axis.Share(value)));

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static void Add(StringBuilder svg, string line) => svg.Append(line).Append('\n');
}
