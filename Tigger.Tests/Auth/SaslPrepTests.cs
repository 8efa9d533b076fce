using Tigger.Auth;

namespace Tigger.Tests.Auth;

public sealed class SaslPrepTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("user", "user")]
    [InlineData("USER", "USER")]
    [InlineData("with space", "with space")]
    [InlineData("\u0007", "\u0007")]
    [InlineData("I\u00ADX", "IX")]
    [InlineData("\u00AA", "a")]
    [InlineData("a\u00A0b", "a b")]
    [InlineData("a\u3000b\u200Bc", "a b c")]
    [InlineData("z\u200Dwj\uFEFF", "zwj")]
    [InlineData("caf\u00E9", "caf\u00E9")]
    [InlineData("\u00B2\u00B3\u00B4\u00A8", "23 \u0301 \u0308")]
    [InlineData("\u00BD\u2026\u2122\u00B5", "1\u20442...TM\u03BC")]
    [InlineData("\uFF21\uFF11\uFF01", "A1!")]
    [InlineData("\u05D0\u200D\u05D1", "\u05D0\u05D1")]
    [InlineData("\u05D0\u00AD1\u05D1", "\u05D01\u05D1")]
    public void Normalize_AllowedPassword_IsPrepared(string password, string expected) =>
        Assert.Equal(expected, SaslPrep.Normalize(password));

    [Theory]
    [InlineData("\u00AD")]                // nothing is left
    [InlineData("a\u007F\u00A0")]         // prohibited control character
    [InlineData("\uE000\u00A0")]          // private use
    [InlineData("\u200E\u00A0")]          // changes display properties
    [InlineData("\u0221\u00A0")]          // not assigned in Unicode 3.2
    [InlineData("\u05D0\u00ADa\u05D0")]   // both directions
    [InlineData("\u05D0\u00AD1")]         // right to left, but not at the end
    [InlineData("\uD800\u00A0")]          // lone surrogate
    public void Normalize_RefusedPassword_IsReturnedAsItIs(string password) =>
        Assert.Equal(password, SaslPrep.Normalize(password));

    [Theory]
    [InlineData("e\u0301")]
    [InlineData("\uFB01\u00A0")]
    [InlineData("\U0001D400")]
    public void Normalize_BeyondTheTables_IsReturnedAsItIs(string password) =>
        Assert.Equal(password, SaslPrep.Normalize(password));
}
