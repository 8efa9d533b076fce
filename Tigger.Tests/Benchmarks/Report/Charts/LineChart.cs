using System.Globalization;
using System.Net;
using System.Text;

namespace Tigger.Benchmarks.Report.Charts;

/// <summary>Lines over two axes, as SVG that takes its colours from the page.</summary>
internal static class LineChart
{
    private const int Width = 560, Height = 340, Left = 66, Right = 14, Top = 34, Bottom = 52;
    private const int LegendLine = 17;

    /// <param name="title">Above the chart.</param>
    /// <param name="x">To the right.</param>
    /// <param name="y">Upwards.</param>
    /// <param name="series">Empty ones are left out.</param>
    /// <param name="marks">Values of <paramref name="x"/> at which something happened, with what it was.</param>
    public static string Render(string title, Axis x, Axis y, IReadOnlyList<Series> series, params IReadOnlyList<(double At, string What)> marks)
    {
        Series[] drawn = [.. series.Where(one => one.Points.Count > 0)];
        int legendRows = (drawn.Length + 1) / 2;
        StringBuilder svg = new();
        Add(svg, $"""<svg viewBox="0 0 {Width} {Height + (legendRows * LegendLine)}" role="img" aria-label="{Html(title)}">""");
        Add(svg, $"""<text class="title" x="{Left}" y="20">{Html(title)}</text>""");
        foreach (double tick in x.Ticks)
        {
            Add(svg, $"""<line class="grid" x1="{X(x, tick)}" x2="{X(x, tick)}" y1="{Top}" y2="{Height - Bottom}"/>""");
            Add(svg, $"""<text class="tick" text-anchor="middle" x="{X(x, tick)}" y="{Height - Bottom + 16}">{Ticks.Text(tick)}</text>""");
        }

        foreach (double tick in y.Ticks)
        {
            Add(svg, $"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{Y(y, tick)}" y2="{Y(y, tick)}"/>""");
            Add(svg, $"""<text class="tick" text-anchor="end" x="{Left - 6}" y="{Y(y, tick)}" dy="4">{Ticks.Text(tick)}</text>""");
        }

        Add(svg, $"""<text class="axis" text-anchor="middle" x="{(Left + Width - Right) / 2}" y="{Height - 14}">{Html(x.Title)}</text>""");
        Add(svg, $"""<text class="axis" text-anchor="middle" transform="translate(14 {(Top + Height - Bottom) / 2}) rotate(-90)">{Html(y.Title)}</text>""");
        foreach ((double at, string what) in marks)
        {
            Add(svg, $"""<line class="mark" x1="{X(x, at)}" x2="{X(x, at)}" y1="{Top}" y2="{Height - Bottom}"/>""");
            Add(svg, $"""<text class="tick" x="{X(x, at)}" y="{Top + 10}" dx="4">{Html(what)}</text>""");
        }

        for (int i = 0; i < drawn.Length; i++)
        {
            Draw(svg, drawn[i], x, y);
            Legend(svg, drawn[i], Left + (i % 2 * 240), Height + (i / 2 * LegendLine));
        }

        return svg.Append("</svg>").ToString();
    }

    private static void Draw(StringBuilder svg, Series series, Axis x, Axis y)
    {
        string points = string.Join(' ', series.Points.Select(point => $"{X(x, point.X)},{Y(y, point.Y)}"));
        Add(svg, $"""<polyline class="line {series.Style}{(series.IsDashed ? " dashed" : "")}" points="{points}"/>""");
        foreach ((double X, double Y) point in series.HasDots ? series.Points : [])
            Add(svg, $"""<circle class="dot {series.Style}" cx="{X(x, point.X)}" cy="{Y(y, point.Y)}" r="3"><title>{Html(series.Name)}: {Ticks.Text(point.X)}, {Ticks.Text(point.Y)}</title></circle>""");
    }

    private static void Legend(StringBuilder svg, Series series, int left, int top)
    {
        Add(svg, $"""<line class="line {series.Style}{(series.IsDashed ? " dashed" : "")}" x1="{left}" x2="{left + 22}" y1="{top}" y2="{top}"/>""");
        Add(svg, $"""<text class="legend" x="{left + 28}" y="{top + 4}">{Html(series.Name)}</text>""");
    }

    private static string X(Axis axis, double value) => Number(Left + (axis.Share(value) * (Width - Left - Right)));

    private static string Y(Axis axis, double value) => Number(Height - Bottom - (axis.Share(value) * (Height - Top - Bottom)));

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    private static void Add(StringBuilder svg, string line) => svg.Append(line).Append('\n');
}
