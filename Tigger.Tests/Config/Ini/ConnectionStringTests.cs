using Tigger.Config;
using Tigger.Config.Ini;

namespace Tigger.Tests.Config.Ini;

/// <summary>Pairs as PgBouncer 1.18 logged them.</summary>
public sealed class ConnectionStringTests
{
    private static string? Pairs(string text) =>
        ConnectionString.Parse(new ConfigNode(ConfigNodeKind.Scalar, new ConfigMark(1, 1)) { Text = text }) is { } pairs
            ? string.Join('|', pairs.Select(pair => $"{pair.Key.Text}={pair.Value.Text}@{pair.Value.Mark.Column}"))
            : null;

    [Theory]
    [InlineData("", "")]
    [InlineData("   ", "")]
    [InlineData("host=a", "host=a@6")]
    [InlineData("host = 'a''b' port= 5 dbname =x", "host=a'b@8|port=5@21|dbname=x@31")]
    [InlineData("host=a\tport=1", "host=a\tport=1@6")]
    [InlineData("host='a'port=5", "host=a@6|ort=5@14")]
    [InlineData("host='a';port=5", "host=a@6|port=5@15")]
    [InlineData("a='x\\y' b=c=d'e", "a=x\\y@3|b=c=d'e@11")]
    [InlineData("host=''", null)]
    [InlineData("host=", null)]
    [InlineData("host", null)]
    [InlineData("host a", null)]
    [InlineData("=a", null)]
    [InlineData("host='a", null)]
    [InlineData("host='a''", null)]
    public void Parse_GivesPgBouncersPairs(string text, string? pairs) => Assert.Equal(pairs, Pairs(text));
}
