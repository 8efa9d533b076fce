using Tigger.Protocol;

namespace Tigger.Tests.Protocol;

public sealed class StartupOptionsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  \t\n ", "")]
    [InlineData("-c a=b", "a=b")]
    [InlineData("-ca=b --c-d=e", "a=b|c_d=e")]
    [InlineData(" -c  search_path=x,\\ y -c q=\\\\z ", "search_path=x, y|q=\\z")]
    [InlineData("--a=b=c --d=", "a=b=c|d=")]
    [InlineData("-c a=b\\", "a=b")]
    public void TryParse_Settings_SplitsLikePostgres(string options, string expected)
    {
        Assert.True(StartupOptions.TryParse(options, out List<KeyValuePair<string, string>> settings, out string? offending));
        Assert.Equal(expected, string.Join('|', settings.Select(s => $"{s.Key}={s.Value}")));
        Assert.Null(offending);
    }

    [Theory]
    [InlineData("-c", "-c")]
    [InlineData("-c a", "a")]
    [InlineData("--a", "a")]
    [InlineData("--=b", "=b")]
    [InlineData("-c a=b -B 5", "-B")]
    [InlineData("geqo=off", "geqo=off")]
    public void TryParse_Other_GivesTheOffendingPiece(string options, string expected)
    {
        Assert.False(StartupOptions.TryParse(options, out _, out string? offending));
        Assert.Equal(expected, offending);
    }
}
