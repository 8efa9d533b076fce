using Tigger.Protocol;

namespace Tigger.Tests.Protocol;

public sealed class PasswordMessageTests
{
    [Fact]
    public void TryParseSaslInitial_Built_GivesMechanismAndData()
    {
        byte[] message = PasswordMessage.BuildSaslInitial("SCRAM-SHA-256", "n,,n=,r=abc"u8);
        Assert.True(PasswordMessage.TryParseSaslInitial(message.AsSpan(5), out string mechanism, out ReadOnlySpan<byte> data));
        Assert.Equal("SCRAM-SHA-256", mechanism);
        Assert.Equal("n,,n=,r=abc"u8.ToArray(), data.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("41")]
    [InlineData("4100")]
    [InlineData("4100" + "000000")]
    [InlineData("4100" + "FFFFFFFF")]
    [InlineData("4100" + "FFFFFFFF" + "41")]
    [InlineData("4100" + "00000002" + "41")]
    [InlineData("4100" + "00000000" + "41")]
    [InlineData("4100" + "7FFFFFFF" + "41")]
    [InlineData("4100" + "80000000" + "41")]
    public void TryParseSaslInitial_LengthDoesNotFit_IsRefused(string hex)
    {
        Assert.False(PasswordMessage.TryParseSaslInitial(Convert.FromHexString(hex), out string mechanism, out ReadOnlySpan<byte> data));
        Assert.Equal("", mechanism);
        Assert.True(data.IsEmpty);
    }

    [Fact]
    public void TryParseSaslInitial_EmptyData_IsData()
    {
        Assert.True(PasswordMessage.TryParseSaslInitial([(byte)'A', 0, 0, 0, 0, 0], out string mechanism, out ReadOnlySpan<byte> data));
        Assert.Equal(("A", 0), (mechanism, data.Length));
    }

    [Fact]
    public void Build_Password_IsTerminatedAndSaslIsNot()
    {
        Assert.Equal("70" + "00000006" + "78" + "00", Convert.ToHexString(PasswordMessage.Build("x")));
        Assert.Equal("70" + "00000005" + "78", Convert.ToHexString(PasswordMessage.BuildSasl("x"u8)));
    }
}
