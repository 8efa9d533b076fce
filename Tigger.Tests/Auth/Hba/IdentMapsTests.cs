using Tigger.Auth.Hba;

namespace Tigger.Tests.Auth.Hba;

public sealed class IdentMapsTests
{
    [Theory]
    [InlineData("m root postgres", "root", "postgres", true)]
    [InlineData("m root postgres", "root", "alice", false)]
    [InlineData("m root postgres", "Root", "postgres", false)]
    [InlineData("m root all", "root", "anybody", true)]
    [InlineData("m root \"all\"", "root", "anybody", false)]
    [InlineData("m root \"all\"", "root", "all", true)]
    [InlineData("m root postgres\nm root alice # too", "root", "alice", true)]
    [InlineData("other root alice\nm root bob", "root", "alice", false)]
    [InlineData("m \"two words\" alice", "two words", "alice", true)]
    [InlineData(@"m /^(.*)@example\.com$ \1", "alice@example.com", "alice", true)]
    [InlineData(@"m /^(.*)@example\.com$ \1", "alice@example.com", "bob", false)]
    [InlineData(@"m /^(.*)@example\.com$ \1", "alice@example.org", "alice", false)]
    [InlineData(@"m /^(.*)@example\.com$ x_\1", "alice@example.com", "x_alice", true)]
    [InlineData("m /^(.*)@example\\.com$ guest", "alice@example.com", "guest", true)]
    [InlineData("m root /^app_", "root", "app_shop", true)]
    [InlineData("m root /^app_", "root", "shop", false)]
    public void Allows_Line_OnlyWhatItSays(string lines, string systemUser, string databaseUser, bool expected)
    {
        IdentMaps maps = IdentMaps.Parse(lines);
        Assert.Empty(maps.Faults);
        Assert.Equal(expected, maps.Find("m")!.Allows(systemUser, databaseUser));
    }

    [Theory]
    [InlineData("m", "did not find a system user")]
    [InlineData("m root", "did not find a database user")]
    [InlineData("m root alice bob", "unsupported parameters")]
    [InlineData("m /( alice", "invalid regular expression")]
    [InlineData(@"m /^x$ \1", "has no group")]
    [InlineData("m \"root alice", "no closing quote")]
    public void Parse_WrongLine_IsNamedAndLeftOut(string line, string text)
    {
        IdentMaps maps = IdentMaps.Parse("\n" + line);
        HbaFault fault = Assert.Single(maps.Faults);
        Assert.Equal(2, fault.Line);
        Assert.StartsWith("could not parse ident config line 2: ", fault.Text, StringComparison.Ordinal);
        Assert.Contains(text, fault.Text, StringComparison.Ordinal);
        Assert.Null(maps.Find("m"));
    }
}
