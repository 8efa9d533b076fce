using Tigger.Auth;

namespace Tigger.Tests.Auth;

public sealed class Md5PasswordTests
{
    // md5("foo" + "bar") and md5(that + 01 02 03 04), as md5sum gives them.
    private const string FooBar = "md53858f62230ac3c915f300c664312c63f";
    private static readonly byte[] Salt = [1, 2, 3, 4];

    [Fact]
    public void Hash_PasswordThenUser_MatchesMd5sum() => Assert.Equal(FooBar, Md5Password.Hash("foo", "bar"));

    [Fact]
    public void Response_KnownSalt_MatchesMd5sum() =>
        Assert.Equal("md56e4f0b50f7277feb74acbf2a7734c9cb", Md5Password.Response(FooBar, Salt));

    [Fact]
    public void Verify_RightResponse_True() => Assert.True(Md5Password.Verify(FooBar, Salt, Md5Password.Response(FooBar, Salt)));

    [Theory]
    [InlineData("")]
    [InlineData("md5")]
    [InlineData(FooBar)]
    [InlineData("md500000000000000000000000000000000")]
    [InlineData("\u00e9\ud800")]
    public void Verify_WrongResponse_False(string response) => Assert.False(Md5Password.Verify(FooBar, Salt, response));

    [Fact]
    public void Verify_ResponseToAnotherSalt_False() =>
        Assert.False(Md5Password.Verify(FooBar, Salt, Md5Password.Response(FooBar, [1, 2, 3, 5])));

    [Theory]
    [InlineData("")]
    [InlineData("md5")]
    [InlineData("MD53858f62230ac3c915f300c664312c63f")]
    [InlineData("md53858F62230AC3C915F300C664312C63F")]
    [InlineData("md53858f62230ac3c915f300c664312c63g")]
    [InlineData("md53858f62230ac3c915f300c664312c63f0")]
    public void IsHash_NotExactly_False(string text) => Assert.False(Md5Password.IsHash(text));

    [Fact]
    public void Response_NotAHash_ThrowsWithoutShowingIt()
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => Md5Password.Response("hunter2", Salt));
        Assert.DoesNotContain("hunter2", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Response_SaltOfThreeBytes_Throws() =>
        Assert.Throws<ArgumentException>(() => Md5Password.Response(FooBar, [1, 2, 3]));
}
