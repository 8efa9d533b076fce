using Tigger.Mirroring;

namespace Tigger.Tests.Mirroring;

/// <summary>Which sessions are mirrored.</summary>
public sealed class SamplingTests
{
    private const int Sessions = 100_000;

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void About_as_many_as_asked_for(double fraction)
    {
        var taken = Taken((decimal)fraction).Count;
        Assert.InRange(taken / (double)Sessions, fraction - 0.01, fraction + 0.01);
    }

    [Fact]
    public void A_larger_fraction_has_all_of_a_smaller()
    {
        var all = Taken(0.6m);
        Assert.All(Taken(0.3m), one => Assert.Contains(one, all));
    }

    private static HashSet<long> Taken(decimal fraction) =>
        [.. Enumerable.Range(1, Sessions).Select(id => (long)id).Where(id => Sampling.Takes(id, fraction))];
}
