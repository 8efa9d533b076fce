namespace Tigger.Benchmarks;

/// <summary>What is compared between the targets.</summary>
/// <param name="Mode">Query mode of pgbench.</param>
/// <param name="Clients">How many at once.</param>
/// <param name="PoolSize">Server connections of a pooler.</param>
/// <param name="ReplyBytes">Length of the one value that is asked for; 0: what pgbench -S asks for.</param>
/// <param name="Ends">Which ends are on another host.</param>
internal sealed record Combination(string Mode, int Clients, int PoolSize, int ReplyBytes, RemoteEnds Ends)
{
    /// <summary>As the table says it.</summary>
    public string Work => ReplyBytes == 0 ? Mode : $"{Mode}, {ReplyBytes} B";
}
