namespace Tigger.Tests.Packages;

/// <summary>`make test-packages` runs the tests with this trait; they are explicit, so that `make test` does not.</summary>
internal static class Packages
{
    public const string Trait = "Packages";

    public const string Yes = "yes";
}
