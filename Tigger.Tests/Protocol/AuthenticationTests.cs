using Tigger.Protocol;

namespace Tigger.Tests.Protocol;

public sealed class AuthenticationTests
{
    private readonly MessageWriter _writer = new();

    private ReadOnlySpan<byte> Body => _writer.Written[MessageFramer.HeaderLength..];

    [Fact]
    public void Requests_RoundTrip()
    {
        AuthenticationMessages.WriteOk(_writer);
        Expect(AuthenticationCode.Ok, default);
        AuthenticationMessages.WriteCleartextPassword(_writer);
        Expect(AuthenticationCode.CleartextPassword, default);
        AuthenticationMessages.WriteMd5Password(_writer, [1, 2, 3, 4]);
        Expect(AuthenticationCode.Md5Password, [1, 2, 3, 4]);
        AuthenticationMessages.WriteSaslContinue(_writer, "r=x"u8);
        Expect(AuthenticationCode.SaslContinue, "r=x"u8);
        AuthenticationMessages.WriteSaslFinal(_writer, "v=x"u8);
        Expect(AuthenticationCode.SaslFinal, "v=x"u8);
        AuthenticationMessages.WriteSasl(_writer, "SCRAM-SHA-256-PLUS", "SCRAM-SHA-256");
        Expect(AuthenticationCode.Sasl, "SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0"u8);
        Assert.True(AuthenticationParser.TryParseMechanisms("a\0b\0\0"u8, out List<string> mechanisms));
        Assert.Equal(["a", "b"], mechanisms);
        Assert.False(AuthenticationParser.TryParseMechanisms("\0"u8, out _));
        Assert.False(AuthenticationParser.TryParseMechanisms("a\0"u8, out _));
        Assert.Throws<ArgumentException>(() => AuthenticationMessages.WriteMd5Password(_writer, "abc"u8));
    }

    [Theory]
    [InlineData("")]
    [InlineData("000000")]
    [InlineData("0000000001")]
    [InlineData("00000005010203")]
    [InlineData("00000001")]
    [InlineData("FFFFFFFF")]
    public void TryParseRequest_Malformed_IsRefused(string hex) =>
        Assert.False(AuthenticationParser.TryParseRequest(Convert.FromHexString(hex), out _, out _));

    [Fact]
    public void Password_RoundTrip()
    {
        AuthenticationMessages.WritePassword(_writer, "secret"u8);
        Assert.True(AuthenticationParser.TryParsePassword(Body, out ReadOnlySpan<byte> password));
        Assert.Equal("secret"u8, password);
        Assert.False(AuthenticationParser.TryParsePassword(Body[..^1], out _));
        Assert.False(AuthenticationParser.TryParsePassword("a\0b\0"u8, out _));
        Assert.False(AuthenticationParser.TryParsePassword(new byte[AuthenticationParser.MaxPasswordBody + 1], out _));
    }

    [Fact]
    public void SaslInitialResponse_RoundTrip()
    {
        AuthenticationMessages.WriteSaslInitialResponse(_writer, "SCRAM-SHA-256", "n,,n=,r=x"u8);
        Assert.True(AuthenticationParser.TryParseSaslInitialResponse(Body, out string mechanism, out ReadOnlySpan<byte> response));
        Assert.Equal("SCRAM-SHA-256", mechanism);
        Assert.Equal("n,,n=,r=x"u8, response);

        _writer.Clear();
        AuthenticationMessages.WriteSaslInitialResponse(_writer, "X");
        Assert.True(AuthenticationParser.TryParseSaslInitialResponse(Body, out mechanism, out response));
        Assert.True(response.IsEmpty);
    }

    [Theory]
    [InlineData("00")]
    [InlineData("580000000002")]
    [InlineData("5800000000026161" + "61")]
    [InlineData("58007FFFFFFF")]
    [InlineData("5800FFFFFFFF61")]
    [InlineData("5800FFFFFFFE")]
    [InlineData("580080000000")]
    public void TryParseSaslInitialResponse_WrongInnerLength_IsRefused(string hex) =>
        Assert.False(AuthenticationParser.TryParseSaslInitialResponse(Convert.FromHexString(hex), out _, out _));

    [Fact]
    public void TryParseSaslResponse_TooLong_IsRefused()
    {
        AuthenticationMessages.WriteSaslResponse(_writer, "c=biws"u8);
        Assert.True(AuthenticationParser.TryParseSaslResponse(Body, out ReadOnlySpan<byte> response));
        Assert.Equal("c=biws"u8, response);
        Assert.False(AuthenticationParser.TryParseSaslResponse(new byte[AuthenticationParser.MaxSaslBody + 1], out _));
    }

    private void Expect(AuthenticationCode code, ReadOnlySpan<byte> data)
    {
        Assert.True(AuthenticationParser.TryParseRequest(Body, out AuthenticationCode parsed, out ReadOnlySpan<byte> rest));
        Assert.Equal(code, parsed);
        Assert.Equal(data, rest);
        _writer.Clear();
    }
}
