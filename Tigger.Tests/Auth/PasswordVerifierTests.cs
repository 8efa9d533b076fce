using Tigger.Auth;

namespace Tigger.Tests.Auth;

public sealed class PasswordVerifierTests
{
    private static readonly byte[] Salt = [1, 2, 3, 4, 5, 6, 7, 8];

    public static TheoryData<string> StoredForms =>
    [
        "pencil",
        Md5Password.Hash("pencil", "user"),
        ScramSecret.Derive("pencil", 16, Salt).Format(),
    ];

    [Theory]
    [MemberData(nameof(StoredForms))]
    public void Verify_RightPassword_True(string stored) =>
        Assert.True(PasswordVerifier.Verify(UserSecret.Parse(stored), "user", "pencil"));

    [Theory]
    [MemberData(nameof(StoredForms))]
    public void Verify_WrongPassword_False(string stored)
    {
        UserSecret secret = UserSecret.Parse(stored);
        Assert.False(PasswordVerifier.Verify(secret, "user", "pencils"));
        Assert.False(PasswordVerifier.Verify(secret, "user", "Pencil"));
        Assert.False(PasswordVerifier.Verify(secret, "user", ""));
        Assert.False(PasswordVerifier.Verify(secret, "user", "pencil\0"));
    }

    [Fact]
    public void Verify_Md5OfAnotherUser_False() =>
        Assert.False(PasswordVerifier.Verify(UserSecret.Parse(Md5Password.Hash("pencil", "user")), "other", "pencil"));

    [Fact]
    public void Verify_StoredHashItself_False()
    {
        string stored = Md5Password.Hash("pencil", "user");
        Assert.False(PasswordVerifier.Verify(UserSecret.Parse(stored), "user", stored));
    }

    [Theory]
    [InlineData("")]
    [InlineData("anything")]
    public void Verify_NoSecret_False(string given) => Assert.False(PasswordVerifier.Verify(UserSecret.None, "user", given));
}
