using System.Globalization;

namespace Tigger.Config.Ini;

/// <summary>Numbers as PgBouncer reads them (<c>cf_set_int</c>, <c>cf_set_time_usec</c> in its cfparser.c), in decimal.</summary>
internal static class IniNumbers
{
    /// <summary>As strtol with base 0: 0x begins a hexadecimal, 0 an octal number.</summary>
    public static Parsed<string> Whole(string text) =>
        TryWhole(text, out var value) ? value.ToString(CultureInfo.InvariantCulture) : ParseFault.Expected("a whole number", text);

    /// <summary>0 is off, any other number on; PgBouncer knows no words for it.</summary>
    public static Parsed<string> Flag(string text) =>
        TryWhole(text, out var value) ? (value == 0 ? "0" : "1") : ParseFault.Expected("0 or 1", text);

    /// <summary>A number that may have a fraction and an exponent, but no unit.</summary>
    public static Parsed<string> Real(string text, string unit)
    {
        const NumberStyles Style = NumberStyles.Float & ~NumberStyles.AllowTrailingWhite;
        return decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var value)
            ? value.ToString(CultureInfo.InvariantCulture)
            : ParseFault.Expected($"a number of {unit}", text);
    }

    private static bool TryWhole(string text, out long value)
    {
        var digits = text.AsSpan().TrimStart();
        var isNegative = digits.StartsWith("-");
        digits = isNegative || digits.StartsWith("+") ? digits[1..] : digits;
        var radix = digits switch
        {
            ['0', 'x' or 'X', _, ..] => 16,
            ['0', _, ..] => 8,
            _ => 10,
        };
        digits = digits[(radix == 16 ? 2 : 0)..];
        // No setting takes a number that needs more.
        const int MostDigits = 15;
        value = 0;
        if (digits.Length is 0 or > MostDigits)
            return false;
        foreach (var character in digits)
        {
            if (!char.IsAsciiHexDigit(character) || Convert.ToInt32(character.ToString(), 16) is var digit && digit >= radix)
                return false;
            value = (value * radix) + Convert.ToInt32(character.ToString(), 16);
        }

        value = isNegative ? -value : value;
        return true;
    }
}
