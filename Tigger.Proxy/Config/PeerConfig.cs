namespace Tigger.Config;

/// <summary>One entry of <c>peers</c>: a process that may own a query which this one is asked to cancel.</summary>
public sealed record PeerConfig
{
    /// <summary>1 to 16383.</summary>
    public required int PeerId { get; init; }

    /// <summary>Host name, address, socket directory or abstract socket; PgBouncer requires it.</summary>
    public ValueList<string> Host { get; init; } = [];

    public int Port { get; init; } = 6432;

    /// <summary>Cancel requests under way at once; null = default_pool_size.</summary>
    public int? PoolSize { get; init; }
}
