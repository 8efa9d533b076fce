using Tigger.Pooling;

namespace Tigger.Tests.Pooling;

public sealed class ProfileNumberTests
{
    private static readonly string?[][] Profiles =
    [
        [], [null], [""], [null, null], ["", ""], [null, ""], ["", null], ["a", null], [null, "a"], ["a", ""], ["", "a"],
        ["a", "b"], ["b", "a"], ["ab", ""], ["", "ab"], ["ab"], ["a"], ["A"], ["a", "b", null], ["a\0", "b"], ["a", "\0b"],
        ["\u0001", "\0"], ["ä"], ["a\u0308"], ["\u0001\0\0\0\0"],
    ];

    [Fact]
    public void Of_DifferentValues_Differs() =>
        Assert.Equal(Profiles.Length, Profiles.Select(ProfileNumber.Of).Distinct().Count());

    [Fact]
    public void Of_EqualValues_IsEqual() =>
        Assert.Equal(
            ProfileNumber.Of(["UTF8", null, "Europe/Rome"]),
            ProfileNumber.Of(new List<string?> { new("UTF8".ToCharArray()), null, "Europe/Rome" }));

    [Fact]
    public void Of_Anything_IsNotTheNumberOfNobody() => Assert.DoesNotContain(0ul, Profiles.Select(ProfileNumber.Of));
}
