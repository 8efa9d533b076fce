namespace Tigger.Config;

/// <summary>How values of one kind are written in a configuration and shown by SHOW CONFIG.</summary>
/// <param name="Unit">What a bare number means, for the reference documentation; empty when there is none.</param>
/// <param name="Parse">Text to value.</param>
/// <param name="Format">Value to PgBouncer's spelling; null is SQL null, "not set".</param>
public sealed record ValueCodec<T>(string Unit, Func<string, Parsed<T>> Parse, Func<T, string?> Format)
{
    /// <summary>True where YAML may give a list instead of a comma string.</summary>
    public bool TakesList { get; init; }

    /// <summary>What <see cref="Parse"/> takes for a value as pgbouncer.ini has it.</summary>
    public Func<string, Parsed<string>> FromIni { get; init; } = text => text;
}
