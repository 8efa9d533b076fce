using Tigger.Pooling;

namespace Tigger.Tests.Pooling;

public sealed class ParameterProfileTests
{
    [Fact]
    public void With_SameValue_IsTheSameObject()
    {
        ParameterProfile profile = new ParameterProfile(2).With(1, "a");
        Assert.Same(profile, profile.With(1, new string('a', 1)));
    }

    [Fact]
    public void With_OtherValue_LeavesTheOriginalAlone()
    {
        ParameterProfile original = new ParameterProfile(2).With(0, "a");
        ParameterProfile changed = original.With(0, "b");
        Assert.Equal(("a", "b"), (original[0], changed[0]));
        Assert.Null(changed[1]);
    }

    [Fact]
    public void FilledFrom_Defaults_FillOnlyWhatIsOpen()
    {
        ParameterProfile filled = new ParameterProfile(3).With(0, "own").With(1, "")
            .FilledFrom(new ParameterProfile(3).With(0, "default").With(1, "default").With(2, "default"));
        Assert.Equal(("own", "", "default"), (filled[0], filled[1], filled[2]));
    }

    [Fact]
    public void FilledFrom_DefaultsOpenToo_StaysOpen() => Assert.Null(new ParameterProfile(1).FilledFrom(new ParameterProfile(1))[0]);

    [Fact]
    public void Number_OfEqualValues_IsEqualWhicheverWayTheyCame()
    {
        ParameterProfile one = new ParameterProfile(2).With(0, "UTF8").With(1, "ISO");
        ParameterProfile other = new ParameterProfile(2).With(1, "ISO").FilledFrom(new ParameterProfile(2).With(0, "UTF8").With(1, "SQL"));
        Assert.Equal(one.Number, other.Number);
        Assert.Equal(one.Number, one.Number);
        Assert.NotEqual(one.Number, one.With(1, "SQL").Number);
        Assert.NotEqual(0ul, new ParameterProfile(0).Number);
    }
}
