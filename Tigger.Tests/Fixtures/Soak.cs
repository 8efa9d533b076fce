using System.Globalization;

namespace Tigger.Tests.Fixtures;

/// <summary>`make soak` runs the tests with this trait, and at sizes that no `make test` should wait for.</summary>
public static class Soak
{
    /// <summary>Trait of the tests that have a size to grow to.</summary>
    public const string Trait = "Soak";

    public const string Yes = "yes";

    /// <summary>Milliseconds after which a test of any size has failed; a soak takes minutes, on a busy machine a quarter of an hour.</summary>
    public const int Limit = 40 * 60 * 1000;

    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("TIGGER_SOAK") == "1";

    /// <summary>One of two sizes.</summary>
    public static int Choose(int usual, int soak) => IsOn ? soak : usual;

    /// <summary>One of two sizes.</summary>
    public static long Choose(long usual, long soak) => IsOn ? soak : usual;

    /// <summary>One of two sizes, unless the variable names a third.</summary>
    public static int Choose(string variable, int usual, int soak) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var given) ? given : Choose(usual, soak);
}
