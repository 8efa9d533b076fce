using Tigger.Config;

namespace Tigger.Pooling;

/// <summary>What one pool goes by: the configuration as it applies to its database and user. Replaced whole at a reload.</summary>
public sealed record PoolSettings
{
    public required PoolMode Mode { get; init; }

    /// <summary>Servers wanted at most; 0 = unlimited.</summary>
    public required int PoolSize { get; init; }

    public required int MinPoolSize { get; init; }

    public required int ReservePoolSize { get; init; }

    public required int MaxDbConnections { get; init; }

    public required int MaxUserConnections { get; init; }

    public required TimeSpan ServerLifetime { get; init; }

    /// <summary>The query that checks a server: null = no check, "" = the empty query.</summary>
    public required string? CheckQuery { get; init; }

    /// <summary>The query that cleans a server after a client; null = none in this pool mode.</summary>
    public required string? ResetQuery { get; init; }

    /// <summary>Largest message let through, in bytes without the type byte.</summary>
    public required int MaximumMessage { get; init; }

    public required TiggerConfig Global { get; init; }

    public required DatabaseConfig Database { get; init; }

    /// <summary>Servers the pool may have in an emergency: its size and the reserve; <see cref="int.MaxValue"/> if unlimited.</summary>
    public int LargestSize => PoolSize == 0 ? int.MaxValue : PoolSize + ReservePoolSize;

    public static PoolSettings From(TiggerConfig config, DatabaseConfig database, string user)
    {
        EffectiveSettings effective = new(config, database, user);
        bool resets = effective.PoolMode == PoolMode.Session || config.ServerResetQueryAlways;
        return new PoolSettings
        {
            Mode = effective.PoolMode,
            PoolSize = effective.PoolSize,
            MinPoolSize = effective.MinPoolSize,
            ReservePoolSize = effective.ReservePoolSize,
            MaxDbConnections = effective.MaxDbConnections,
            MaxUserConnections = effective.MaxUserConnections,
            ServerLifetime = effective.ServerLifetime,
            CheckQuery = config.ServerCheckQuery switch { "" => null, "<empty>" => "", var query => query },
            ResetQuery = resets && config.ServerResetQuery.Length > 0 ? config.ServerResetQuery : null,
            MaximumMessage = (int)Math.Min(config.MaxPacketSize, int.MaxValue),
            Global = config,
            Database = database,
        };
    }
}
