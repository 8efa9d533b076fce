namespace Tigger.Top;

/// <summary>What the one at the keyboard has chosen.</summary>
internal sealed class TopState
{
    public TopSort Sort { get; set; }

    /// <summary>Only pools and clients with this in their names.</summary>
    public string Filter { get; set; } = "";

    /// <summary>Which of the pools, or with <see cref="OnClients"/> of the clients, is marked.</summary>
    public int Selected { get; set; }

    public bool OnClients { get; set; }

    /// <summary>The filter is being typed.</summary>
    public bool IsTyping { get; set; }

    /// <summary>What is asked before it is done; null: nothing.</summary>
    public string? Question { get; set; }

    /// <summary>The command that a yes to the question runs.</summary>
    public string Command { get; set; } = "";

    /// <summary>What came of the last command, or why nothing new can be shown.</summary>
    public string Message { get; set; } = "";

    public IReadOnlyList<TopPool> PoolsOf(TopSnapshot now) =>
    [
        .. Sorted(now.Pools.Where(pool => pool.Name.Contains(Filter, StringComparison.OrdinalIgnoreCase))),
    ];

    public IReadOnlyList<TopClient> ClientsOf(TopSnapshot now) =>
    [
        .. now.Clients.Where(client =>
            client.Pool.Contains(Filter, StringComparison.OrdinalIgnoreCase) || client.Application.Contains(Filter, StringComparison.OrdinalIgnoreCase)),
    ];

    /// <summary>Keeps the mark on a row that is there.</summary>
    public void KeepInside(TopSnapshot now) =>
        Selected = Math.Clamp(Selected, 0, Math.Max(0, (OnClients ? ClientsOf(now).Count : PoolsOf(now).Count) - 1));

    private IEnumerable<TopPool> Sorted(IEnumerable<TopPool> pools) => Sort switch
    {
        TopSort.Waiting => pools.OrderByDescending(pool => pool.Waiting).ThenByDescending(pool => pool.LongestWait),
        TopSort.P99 => pools.OrderByDescending(pool => pool.P99),
        TopSort.Name => pools.OrderBy(pool => pool.Name, StringComparer.Ordinal),
        _ => pools.OrderByDescending(pool => pool.Rate).ThenBy(pool => pool.Name, StringComparer.Ordinal),
    };
}
