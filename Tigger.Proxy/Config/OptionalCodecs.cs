namespace Tigger.Config;

/// <summary>Values of databases and users that may be left to the next level. PgBouncer writes that as -1.</summary>
internal static class OptionalCodecs
{
    public static ValueCodec<T?> Optional<T>(ValueCodec<T> inner)
        where T : struct => new(
        inner.Unit,
        text =>
        {
            if (text.Length == 0 || text == "-1")
                return new Parsed<T?>(null, null);
            var parsed = inner.Parse(text);
            return new Parsed<T?>(parsed.Value, parsed.Error);
        },
        value => value is { } set ? inner.Format(set) : null)
        {
            FromIni = text => text == "-1" ? text : inner.FromIni(text),
        };

    /// <summary>PgBouncer reads these as decimal whatever they begin with.</summary>
    public static ValueCodec<int?> Count { get; } = Optional(NumberCodecs.Int(0, int.MaxValue)) with { FromIni = text => text };

    public static ValueCodec<bool?> Flag { get; } = Optional(NumberCodecs.Flag);

    public static ValueCodec<TimeSpan?> Seconds { get; } = Optional(NumberCodecs.Seconds);
}
