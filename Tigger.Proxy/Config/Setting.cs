namespace Tigger.Config;

/// <summary>
/// Everything Tigger knows about one key of <typeparamref name="TRecord"/>: how to read it, show it and explain it. One
/// such entry drives YAML, pgbouncer.ini, SHOW CONFIG, SET and the reference documentation.
/// </summary>
public sealed record Setting<TRecord>
{
    public required string Name { get; init; }

    /// <summary>Default as PgBouncer writes it; null = not set.</summary>
    public required string? Default { get; init; }

    /// <summary>What a bare number means; empty when there is none.</summary>
    public required string Unit { get; init; }

    /// <summary>One line for people.</summary>
    public required string Description { get; init; }

    /// <summary>The record with this key read from a text, or why the text is wrong.</summary>
    public required Func<TRecord, string, Parsed<TRecord>> Apply { get; init; }

    /// <summary>A value of pgbouncer.ini in the spelling that <see cref="Apply"/> takes, or why PgBouncer would refuse it.</summary>
    public required Func<string, Parsed<string>> FromIni { get; init; }

    /// <summary>The key's value as SHOW CONFIG prints it; null = not set.</summary>
    public required Func<TRecord, string?> Format { get; init; }

    /// <summary>Heading in the reference.</summary>
    public string Group { get; init; } = "";

    /// <summary>False for settings that only take effect at start (SHOW CONFIG changeable = no).</summary>
    public bool Changeable { get; init; } = true;

    /// <summary>True where YAML may give a list instead of a comma string.</summary>
    public bool TakesList { get; init; }

    /// <summary>True for files: relative ones count from the configuration file's directory.</summary>
    public bool IsPath { get; init; }

    /// <summary>True for paths of files that Tigger reads.</summary>
    public bool MustExist { get; init; }

    /// <summary>True for values that must not reach logs or error messages.</summary>
    public bool IsSecret { get; init; }

    /// <summary>True for settings PgBouncer does not have.</summary>
    public bool IsTiggers { get; init; }

    /// <summary>Other names that PgBouncer accepts for the same setting.</summary>
    public ValueList<string> Aliases { get; init; } = [];

    internal Setting<TRecord> NeedsRestart() => this with { Changeable = false };

    internal Setting<TRecord> Alias(string name) => this with { Aliases = [.. Aliases, name] };

    internal Setting<TRecord> Secret() => this with { IsSecret = true };

    // Written as in YAML everywhere: PgBouncer has no spelling for it.
    internal Setting<TRecord> OwnToTigger() => this with { IsTiggers = true, FromIni = text => text };
}
