namespace Tigger.Config;

/// <summary>One entry of a database's <c>mirrors</c>: a PostgreSQL that gets the database's transactions, too.</summary>
public sealed record MirrorConfig
{
    /// <summary>Unique among the mirrors of its database.</summary>
    public string Name { get; init; } = "";

    /// <summary>Host name, address, socket directory (/dir) or abstract socket (@name); empty = the local Unix socket.</summary>
    public ValueList<string> Host { get; init; } = [];

    public int Port { get; init; } = 5432;

    /// <summary>Database on the mirror; null = that on the primary.</summary>
    public string? DbName { get; init; }

    /// <summary>User on the mirror; null = that on the primary.</summary>
    public string? User { get; init; }

    /// <summary>Password of <see cref="User"/>; null = the one in auth_file.</summary>
    public string? Password { get; init; }

    /// <summary>Connections per user.</summary>
    public int PoolSize { get; init; } = 10;

    /// <summary>Share of the sessions that are mirrored, 0 to 1.</summary>
    public decimal Fraction { get; init; } = 1;

    public MirroredStatements Statements { get; init; }

    /// <summary>Most bytes collected and queued for this mirror.</summary>
    public long QueueBytes { get; init; } = 16 * 1024 * 1024;

    public MirrorOverflow OnOverflow { get; init; }

    /// <summary>The keys that are set, without the password.</summary>
    public override string ToString() => RecordText.Write("", this, MirrorKeys.Table).Trim();
}
