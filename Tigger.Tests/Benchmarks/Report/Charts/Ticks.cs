namespace Tigger.Benchmarks.Report.Charts;

/// <summary>Round numbers along an axis.</summary>
internal static class Ticks
{
    private const double Rounding = 1e-9;

    /// <summary>Multiples of 1, 2 or 5 times a power of ten that cover the range, about as many as wanted.</summary>
    public static IReadOnlyList<double> Linear(double min, double max, int wanted)
    {
        if (max <= min)
            return [min];
        double rough = (max - min) / wanted;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * ((rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        double first = Math.Ceiling((min / step) - Rounding);
        double last = Math.Floor((max / step) + Rounding);
        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step)];
    }

    /// <summary>1, 2 and 5 times the powers of ten within the range; the powers alone where those would be too many.</summary>
    public static IReadOnlyList<double> Logarithmic(double min, double max)
    {
        int low = (int)Math.Floor(Math.Log10(min));
        int high = (int)Math.Ceiling(Math.Log10(max));
        double[] digits = high - low > 3 ? [1] : [1, 2, 5];
        return
        [
            .. from power in Enumerable.Range(low, high - low + 1)
               from digit in digits
               let tick = digit * Math.Pow(10, power)
               where tick >= min * (1 - Rounding) && tick <= max * (1 + Rounding)
               select tick,
        ];
    }

    /// <summary>A tick's text: thousands as k, millions as M.</summary>
    public static string Text(double value) => Math.Abs(value) switch
    {
        >= 1e6 => $"{(value / 1e6).ToString("0.##", System.Globalization.CultureInfo.InvariantCulture)}M",
        >= 1e4 => $"{(value / 1e3).ToString("0.##", System.Globalization.CultureInfo.InvariantCulture)}k",
        _ => value.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture),
    };
}
