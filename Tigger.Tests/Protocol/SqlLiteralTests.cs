using Tigger.Protocol;

namespace Tigger.Tests.Protocol;

public sealed class SqlLiteralTests
{
    [Theory]
    [InlineData("", "''")]
    [InlineData("UTF8", "'UTF8'")]
    [InlineData("it's", "'it''s'")]
    [InlineData("''", "''''''")]
    [InlineData(@"a\b", @"E'a\\b'")]
    [InlineData(@"\'; DROP TABLE t; --", @"E'\\''; DROP TABLE t; --'")]
    [InlineData(@"\", @"E'\\'")]
    [InlineData("ä\n\"$1", "'ä\n\"$1'")]
    public void Quote_AnyText_IsOneConstant(string text, string expected) => Assert.Equal(expected, SqlLiteral.Quote(text));
}
