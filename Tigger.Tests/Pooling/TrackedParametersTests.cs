using Tigger.Pooling;

namespace Tigger.Tests.Pooling;

public sealed class TrackedParametersTests
{
    private static readonly TrackedParameters Tracked = new(["IntervalStyle", "timezone", "intervalstyle"]);

    [Fact]
    public void Names_ExtraAndRepeated_ComeOnceBehindTheFive() => Assert.Equal(
        ["client_encoding", "DateStyle", "TimeZone", "standard_conforming_strings", "application_name", "IntervalStyle"],
        Tracked.Names);

    [Theory]
    [InlineData("TimeZone", 2)]
    [InlineData("TIMEZONE", 2)]
    [InlineData("intervalstyle", 5)]
    [InlineData("search_path", -1)]
    [InlineData("", -1)]
    public void IndexOf_Name_IgnoresCase(string name, int expected) => Assert.Equal(expected, Tracked.IndexOf(name));

    [Fact]
    public void Difference_SameObject_IsNone()
    {
        ParameterProfile profile = Profile(("TimeZone", "CET"));
        Assert.Null(Tracked.Difference(profile, profile));
    }

    [Fact]
    public void Difference_EqualValues_IsNone() =>
        Assert.Null(Tracked.Difference(Profile(("TimeZone", "CET"), ("DateStyle", "ISO")), Profile(("TimeZone", "CET"))));

    [Fact]
    public void Difference_ClientKnowsNothing_IsNone() => Assert.Null(Tracked.Difference(Profile(("TimeZone", "CET")), Profile()));

    [Fact]
    public void Difference_OtherValues_SetsThemInTheOrderOfNames() => Assert.Equal(
        "SET client_encoding='UTF8';SET application_name='it''s';",
        Tracked.Difference(
            Profile(("application_name", "psql"), ("TimeZone", "CET")),
            Profile(("application_name", "it's"), ("client_encoding", "UTF8"), ("TimeZone", "CET"))));

    [Fact]
    public void Difference_OtherCaseOfTheValue_IsADifference() =>
        Assert.Equal("SET TimeZone='cet';", Tracked.Difference(Profile(("TimeZone", "CET")), Profile(("TimeZone", "cet"))));

    private static ParameterProfile Profile(params (string Name, string Value)[] values) => values.Aggregate(
        new ParameterProfile(Tracked.Names.Count), (profile, one) => profile.With(Tracked.IndexOf(one.Name), one.Value));
}
