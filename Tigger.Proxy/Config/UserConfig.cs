namespace Tigger.Config;

/// <summary>One entry of <c>users</c>: settings of one user's connections. Null means "as the level above says".</summary>
public sealed record UserConfig
{
    public required string Name { get; init; }

    /// <summary>Tigger's own: plain password, md5 hash or SCRAM secret, as auth_file would have it; null = look there.</summary>
    public string? Password { get; init; }

    /// <summary>Servers per database for this user; 0 = unlimited.</summary>
    public int? PoolSize { get; init; }

    public int? ReservePoolSize { get; init; }

    public PoolMode? PoolMode { get; init; }

    /// <summary>Servers in all pools of this user.</summary>
    public int? MaxUserConnections { get; init; }

    /// <summary>Longest running time of a query, in seconds.</summary>
    public TimeSpan? QueryTimeout { get; init; }

    /// <summary>Longest time a client waits for a server, in seconds; zero = no limit.</summary>
    public TimeSpan? QueryWaitTimeout { get; init; }

    /// <summary>Longest idle time inside a transaction, in seconds.</summary>
    public TimeSpan? IdleTransactionTimeout { get; init; }

    /// <summary>Longest transaction, in seconds.</summary>
    public TimeSpan? TransactionTimeout { get; init; }

    /// <summary>Longest idle time of a client, in seconds.</summary>
    public TimeSpan? ClientIdleTimeout { get; init; }

    public int? MaxUserClientConnections { get; init; }

    /// <summary>The keys that are set, without the password.</summary>
    public override string ToString() => RecordText.Write(Name, this, UserKeys.Table);
}
