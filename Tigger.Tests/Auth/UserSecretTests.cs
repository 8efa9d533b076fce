using Tigger.Auth;

namespace Tigger.Tests.Auth;

public sealed class UserSecretTests
{
    private const string Scram =
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

    [Theory]
    [InlineData("", SecretKind.None)]
    [InlineData("pencil", SecretKind.Plain)]
    [InlineData("md5", SecretKind.Plain)]
    [InlineData("md53858f62230ac3c915f300c664312c63f", SecretKind.Md5)]
    [InlineData("md53858F62230AC3C915F300C664312C63F", SecretKind.Plain)]
    [InlineData(Scram, SecretKind.Scram)]
    [InlineData(Scram + "x", SecretKind.Plain)]
    [InlineData("SCRAM-SHA-256$", SecretKind.Plain)]
    public void Parse_Text_TellsTheKind(string text, SecretKind expected)
    {
        UserSecret secret = UserSecret.Parse(text);
        Assert.Equal(expected, secret.Kind);
        Assert.Equal(expected == SecretKind.Plain, secret.Plain is not null);
        Assert.Equal(expected == SecretKind.Md5, secret.Md5 is not null);
        Assert.Equal(expected == SecretKind.Scram, secret.Scram is not null);
    }

    [Theory]
    [InlineData("pencil", "UserSecret(Plain)")]
    [InlineData(Scram, "UserSecret(Scram)")]
    public void ToString_AnyKind_ShowsTheKindOnly(string text, string expected) =>
        Assert.Equal(expected, UserSecret.Parse(text).ToString());
}
