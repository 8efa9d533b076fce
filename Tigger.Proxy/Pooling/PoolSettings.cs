using Tigger.Config;

namespace Tigger.Pooling;

/// <summary>What one pool goes by: the configuration as it applies to its database and user. Replaced whole at a reload.</summary>
public sealed record PoolSettings(TiggerConfig Global, DatabaseConfig Database, EffectiveSettings Effective)
{
    public PoolMode Mode => Effective.PoolMode;

    /// <summary>Servers wanted at most.</summary>
    public int PoolSize { get; } = Effective.PoolSize == 0 ? int.MaxValue : Effective.PoolSize;

    /// <summary>Servers the pool may have in an emergency: its size and the reserve.</summary>
    public int LargestSize { get; } = Effective.PoolSize == 0 ? int.MaxValue : Effective.PoolSize + Effective.ReservePoolSize;

    /// <summary>The query that checks a server: null = no check, "" = the empty query.</summary>
    public string? CheckQuery => Global.ServerCheckSql;

    /// <summary>The query that cleans a server after a client; null = none in this pool mode.</summary>
    public string? ResetQuery { get; } =
        (Effective.PoolMode == PoolMode.Session || Global.ServerResetQueryAlways) && Global.ServerResetQuery.Length > 0
            ? Global.ServerResetQuery
            : null;

    /// <summary>Clients of this pool share servers, and what they leave behind in a session is looked for.</summary>
    public bool WatchesSessions { get; } = Effective is { PoolMode: not PoolMode.Session, DirtyServer: not DirtyServerMode.Ignore };

    /// <summary>The query that cleans a server whose session a client has changed; null: it is lent on as it is.</summary>
    public string? CleaningQuery { get; } =
        Effective is { PoolMode: not PoolMode.Session, DirtyServer: DirtyServerMode.Reset or DirtyServerMode.Pin }
            ? SessionReset(Global)
            : null;

    /// <summary>Largest message let through, in bytes without the type byte.</summary>
    public int MaximumMessage { get; } = (int)Math.Min(Global.MaxPacketSize, int.MaxValue);

    /// <summary>The query that makes a session what it was at its login.</summary>
    public static string SessionReset(TiggerConfig config) => config.ServerResetQuery is { Length: > 0 } query ? query : "DISCARD ALL";

    /// <summary>The settings of <paramref name="user"/> in <paramref name="database"/>.</summary>
    public static PoolSettings From(TiggerConfig config, DatabaseConfig database, string user) =>
        new(config, database, EffectiveSettings.For(config, database, config.Users.GetValueOrDefault(user)));
}
