using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Tigger.Top;

/// <summary>Draws a snapshot. Texts that clients choose are drawn as they are, not read as markup.</summary>
internal static class TopView
{
    /// <summary>All rows, however many.</summary>
    public const int Everything = int.MaxValue;

    /// <summary>Lines around and between the two tables.</summary>
    private const int Frame = 12;

    private const string Keys = "q quit  s sort  / filter  ↑↓ select  Tab pools/clients  p pause  r resume  k kill client";

    private static readonly Style Marked = new(decoration: Decoration.Invert);

    /// <param name="now">What to draw.</param>
    /// <param name="state">How.</param>
    /// <param name="height">Lines of the terminal.</param>
    public static IRenderable Draw(TopSnapshot now, TopState state, int height)
    {
        int rows = Math.Max(2, height - Frame);
        int pools = Math.Clamp(state.PoolsOf(now).Count, 1, Math.Max(1, rows / 2));
        return new Rows(
            new Text($"tigger {now.Address} - {now.Pools.Count} pools, sorted by {Word(state.Sort)}{(state.Filter.Length > 0 ? $", only {state.Filter}" : "")}"),
            Pools(now, state, pools),
            Clients(now, state, Math.Max(1, rows - pools)),
            new Text(Footer(state), new Style(decoration: state.Question is null ? Decoration.Dim : Decoration.Bold)));
    }

    public static IRenderable Pools(TopSnapshot now, TopState state, int rows)
    {
        Table table = NewTable("Database", "User", "Path", "#Clients", "#Waiting", "#Max wait", "#Active", "#Idle", "#TPS", "#p50", "#p99");
        int i = 0;
        foreach (TopPool pool in Window(state.PoolsOf(now), state.OnClients ? 0 : state.Selected, rows, out int first))
        {
            AddRow(
                table, !state.OnClients && rows != Everything && first + i++ == state.Selected,
                pool.Database, pool.User, pool.Path, Number(pool.Clients), Number(pool.Waiting), Time(pool.LongestWait), Number(pool.ActiveServers),
                Number(pool.IdleServers), Number(pool.Rate), Time(pool.P50), Time(pool.P99));
        }

        return table;
    }

    private static Table Clients(TopSnapshot now, TopState state, int rows)
    {
        Table table = NewTable("Slowest client", "Pool", "State", "Address", "Application", "#Busy for");
        int i = 0;
        foreach (TopClient client in Window(state.ClientsOf(now), state.OnClients ? state.Selected : 0, rows, out int first))
        {
            AddRow(
                table, state.OnClients && first + i++ == state.Selected,
                $"C-{client.Id}", client.Pool, client.State, client.Address, client.Application, Time(client.Busy));
        }

        return table;
    }

    /// <summary>A column's name begins with # when it is of numbers.</summary>
    private static Table NewTable(params string[] columns)
    {
        Table table = new Table().Border(TableBorder.Simple).Expand();
        foreach (string column in columns)
        {
            TableColumn added = new TableColumn(new Text(column.TrimStart('#'), new Style(decoration: Decoration.Bold))).NoWrap();
            table.AddColumn(column[0] == '#' ? added.RightAligned() : added);
        }

        return table;
    }

    private static void AddRow(Table table, bool isMarked, params string[] cells) =>
        table.AddRow(cells.Select(cell => new Text(cell, isMarked ? Marked : Style.Plain) { Overflow = Overflow.Ellipsis }));

    /// <summary>As many as fit, the selected one among them.</summary>
    private static IEnumerable<T> Window<T>(IReadOnlyList<T> all, int selected, int rows, out int first)
    {
        first = rows == Everything ? 0 : Math.Max(0, selected - rows + 1);
        return all.Skip(first).Take(rows);
    }

    private static string Footer(TopState state) =>
        state.Question is { } question ? $"{question} (y/n)"
        : state.IsTyping ? $"filter: {state.Filter}_   Enter done, Esc none"
        : state.Message.Length > 0 ? $"{state.Message}\n{Keys}"
        : Keys;

    private static string Word(TopSort sort) => sort switch
    {
        TopSort.Waiting => "waiting clients",
        TopSort.P99 => "p99",
        TopSort.Name => "name",
        _ => "transactions per second",
    };

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Time(TimeSpan time) => time switch
    {
        { Ticks: 0 } => "-",
        { TotalMilliseconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMicroseconds:0} µs"),
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
    };
}
