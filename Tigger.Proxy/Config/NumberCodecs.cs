using System.Globalization;
using Tigger.Config.Ini;

namespace Tigger.Config;

/// <summary>Booleans, counts, sizes, file modes and durations.</summary>
internal static class NumberCodecs
{
    /// <summary>Durations above 68 years are typing errors; the bound also keeps every sum inside TimeSpan.</summary>
    private const decimal LongestSeconds = int.MaxValue;


    // Longest suffix first where one ends another: "ms" also ends in "s".
    private static readonly (string Suffix, decimal Seconds)[] DurationUnits =
    [
        ("min", 60), ("ms", 0.001m), ("us", 0.000001m), ("s", 1), ("h", 3600), ("d", 86400),
    ];

    // As in postgresql.conf, kB and its like are powers of 1024; the IEC names say so outright.
    private static readonly (string Suffix, decimal Bytes)[] SizeUnits =
    [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("kB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30), ("B", 1),
    ];

    public static ValueCodec<bool> Flag { get; } = new(
        "",
        text => text.ToUpperInvariant() switch
        {
            "1" or "YES" or "ON" or "TRUE" => true,
            "0" or "NO" or "OFF" or "FALSE" => false,
            _ => ParseFault.Expected("1/0, yes/no, on/off or true/false", text),
        },
        value => value ? "1" : "0")
    {
        FromIni = IniNumbers.Flag,
    };

    /// <summary>Seconds, with fraction, as a bare number or with a unit.</summary>
    public static ValueCodec<TimeSpan> Seconds { get; } = Duration("seconds", 1, TimeSpan.Zero);

    /// <summary>Milliseconds as a bare number, else with a unit.</summary>
    public static ValueCodec<TimeSpan> Milliseconds { get; } = Duration("milliseconds", 0.001m, TimeSpan.Zero);

    /// <summary>A permission mode as strtol reads it: octal after a leading zero, decimal otherwise; shown in decimal.</summary>
    public static ValueCodec<int> FileMode { get; } = new("", ParseFileMode, value => value.ToString(CultureInfo.InvariantCulture));

    /// <summary>The port of a connection string, which PgBouncer reads as decimal whatever it begins with.</summary>
    public static ValueCodec<int> Port { get; } = Int(1, ushort.MaxValue) with { FromIni = text => text };

    /// <summary>A share, 0 to 1.</summary>
    public static ValueCodec<decimal> Share { get; } = new(
        "",
        text => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value <= 1
            ? value
            : ParseFault.Expected("a number from 0 to 1", text),
        value => value.ToString("0.############################", CultureInfo.InvariantCulture));

    /// <summary>One port or a list of them, never empty.</summary>
    public static ValueCodec<ValueList<int>> Ports { get; } =
        new("", ParsePorts, value => value.ToString()) { TakesList = true, FromIni = text => text };

    public static ValueCodec<int> Int(int min, int max) =>
        new("", text => Narrow(Whole(text, min, max)), value => value.ToString(CultureInfo.InvariantCulture)) { FromIni = IniNumbers.Whole };

    public static ValueCodec<long> Size(long min, long max) =>
        new("bytes", text => ParseSize(text, min, max), value => value.ToString(CultureInfo.InvariantCulture)) { FromIni = IniNumbers.Whole };

    public static ValueCodec<int> IntSize(int min, int max) =>
        new("bytes", text => Narrow(ParseSize(text, min, max)), value => value.ToString(CultureInfo.InvariantCulture)) { FromIni = IniNumbers.Whole };

    /// <summary>A duration that the kernel or a timer takes in whole seconds.</summary>
    public static ValueCodec<TimeSpan> WholeSeconds(TimeSpan min)
    {
        var any = Duration("seconds", 1, min);
        return any with
        {
            Parse = text => any.Parse(text) is var parsed && parsed.Ok && parsed.Value.Ticks % TimeSpan.TicksPerSecond != 0
                ? ParseFault.Expected("whole seconds", text)
                : parsed,
        };
    }

    private static Parsed<ValueList<int>> ParsePorts(string text)
    {
        Parsed<int>[] ports = [.. text.Split(',', StringSplitOptions.TrimEntries).Select(Port.Parse)];
        return Array.Find(ports, port => !port.Ok) is { Error: { } error }
            ? new ParseFault(error)
            : new Parsed<ValueList<int>>([.. ports.Select(port => port.Value)], null);
    }

    private static ValueCodec<TimeSpan> Duration(string unit, decimal bareSeconds, TimeSpan min) => new(
        unit,
        text => ParseDuration(text, unit, bareSeconds, min),
        value => ((decimal)value.Ticks / TimeSpan.TicksPerSecond / bareSeconds).ToString("0.#######", CultureInfo.InvariantCulture))
    {
        FromIni = text => IniNumbers.Real(text, unit),
    };

    private static Parsed<TimeSpan> ParseDuration(string text, string unit, decimal bareSeconds, TimeSpan min)
    {
        if (!TryNumber(text, DurationUnits, bareSeconds, out var seconds))
            return ParseFault.Expected($"a duration such as 5s, 200ms, 2min, 1h or 1d, or a number of {unit}", text);
        if (seconds is < 0 or > LongestSeconds)
            return ParseFault.Expected($"a duration from 0 to {LongestSeconds} seconds", text);
        var value = TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return value < min ? ParseFault.Expected($"at least {min.TotalSeconds} s", text) : value;
    }

    private static Parsed<long> ParseSize(string text, long min, long max)
    {
        if (!TryNumber(text, SizeUnits, 1, out var bytes) || bytes != decimal.Truncate(bytes))
            return ParseFault.Expected("a size such as 4096, 256KiB or 1MB", text);
        return bytes < min || bytes > max ? ParseFault.Expected($"a size from {min} to {max} bytes", text) : (long)bytes;
    }

    private static Parsed<long> Whole(string text, long min, long max)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            return ParseFault.Expected("a whole number", text);
        if (value < min || value > max)
            return ParseFault.Expected(max == int.MaxValue ? $"a number of at least {min}" : $"a number from {min} to {max}", text);
        return value;
    }

    private static Parsed<int> Narrow(Parsed<long> wide) => new((int)wide.Value, wide.Error);

    private static Parsed<int> ParseFileMode(string text)
    {
        const int MaxMode = 511;
        var mode = 0L;
        var numeric = text.Length is > 0 and < 6 && text.All(char.IsAsciiDigit);
        var octal = numeric && text[0] == '0';
        if (numeric)
            mode = text.Aggregate(0L, (sum, digit) => (sum * (octal ? 8 : 10)) + (digit - '0'));
        // 770 without the zero is decimal to strtol and would open odd bits; all usual modes then land above the bound.
        if (!numeric || mode > MaxMode || (octal && text.AsSpan().ContainsAny('8', '9')))
            return ParseFault.Expected("an octal file mode with its leading zero, such as 0770", text);
        return (int)mode;
    }

    private static bool TryNumber(string text, (string Suffix, decimal Factor)[] units, decimal bareFactor, out decimal value)
    {
        var number = text.AsSpan().Trim();
        var factor = bareFactor;
        foreach (var unit in units)
        {
            if (!number.EndsWith(unit.Suffix, StringComparison.OrdinalIgnoreCase))
                continue;
            number = number[..^unit.Suffix.Length].TrimEnd();
            factor = unit.Factor;
            break;
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        // More than 20 characters is no sensible number and could overflow decimal when multiplied.
        if (number.Length > 20 || !decimal.TryParse(number, Style, CultureInfo.InvariantCulture, out value))
        {
            value = 0;
            return false;
        }

        value *= factor;
        return true;
    }
}
