using Tigger.Cli;
using Tigger.Hosting;

namespace Tigger.Tests.Cli;

/// <summary>The texts are those of PgBouncer 1.18 with glibc.</summary>
public sealed class PgBouncerArgumentsTests
{
    private static PgBouncerArguments Parse(string line) => PgBouncerArguments.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [InlineData("-x a.ini", "invalid option -- 'x'")]
    [InlineData("-dx a.ini", "invalid option -- 'x'")]
    [InlineData("--foo a.ini", "unrecognized option '--foo'")]
    [InlineData("--ver a.ini", "option '--ver' is ambiguous; possibilities: '--verbose' '--version'")]
    [InlineData("--quiet=1 a.ini", "option '--quiet' doesn't allow an argument")]
    [InlineData("-u", "option requires an argument -- 'u'")]
    [InlineData("--user", "option '--user' requires an argument")]
    [InlineData("", "no configuration file specified")]
    [InlineData("-d", "no configuration file specified")]
    [InlineData("a.ini b.ini", "no configuration file specified")]
    public void Parse_Wrong_SaysWhatGetoptSays(string line, string error) => Assert.Equal(error, Parse(line).Error);

    [Fact]
    public void Parse_Options_InAnyOrderAndForm()
    {
        var all = new StartOptions { Daemon = true, Quiet = true, Verbose = 2, User = "pooler", Reboot = true };
        foreach (var line in new[] { "-dqvvR -u pooler a.ini", "a.ini -d -q -v -v -R -upooler", "--daemon --quiet --verb --verbose --reb --user=pooler -- a.ini", "-vvdqRu pooler a.ini", "--us pooler a.ini -dqvvR" })
        {
            var parsed = Parse(line);
            Assert.Null(parsed.Error);
            Assert.Equal(all, parsed.Options);
            Assert.Equal("a.ini", parsed.ConfigFile);
        }
    }

    [Fact]
    public void Parse_AfterTwoDashes_IsAFile()
    {
        Assert.Equal("-d", Parse("-- -d").ConfigFile);
        Assert.Equal("-", Parse("-").ConfigFile);
    }

    [Theory]
    [InlineData("-V -x", true, false)]
    [InlineData("--help", false, true)]
    [InlineData("-vh nowhere -x", false, true)]
    public void Parse_HelpAndVersion_EndTheReading(string line, bool version, bool help)
    {
        var parsed = Parse(line);
        Assert.Equal((null, version, help), (parsed.Error, parsed.WantsVersion, parsed.WantsHelp));
    }
}
