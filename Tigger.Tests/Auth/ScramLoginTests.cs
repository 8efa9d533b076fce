using Tigger.Auth;
using static Tigger.Tests.Auth.ScramVectors;

namespace Tigger.Tests.Auth;

/// <summary>Both roles against each other, as the pooler stands between a client and PostgreSQL.</summary>
public sealed class ScramLoginTests
{
    private static ScramServerExchange PostgreSql => new("user", Secret, genuine: true);

    [Theory]
    [InlineData("pencil")]
    [InlineData("p\u00E4ss\u00A0w\u00B2")]
    [InlineData("\U0001F600")]
    [InlineData("")]
    public void Login_SamePassword_Succeeds(string password)
    {
        ScramSecret secret = ScramSecret.Derive(password, 7, [1, 2, 3]);
        Assert.True(Login(new ScramClientExchange(password), new ScramServerExchange("user", secret, genuine: true)));
    }

    [Theory]
    [InlineData("Pencil")]
    [InlineData("pencil ")]
    [InlineData("")]
    public void Login_WrongPassword_IsRejected(string password)
    {
        ScramServerExchange server = PostgreSql;
        Assert.False(Login(new ScramClientExchange(password), server));
        Assert.True(server.PasswordRejected);
        Assert.Null(server.ClientKey);
    }

    [Fact]
    public void Login_KeyRecoveredFromAClient_OpensTheServerWithTheSameSecret()
    {
        ScramServerExchange towardsClient = PostgreSql;
        Assert.True(Login(new ScramClientExchange("pencil"), towardsClient));
        ScramClientExchange towardsServer = new(towardsClient.ClientKey!, Secret.ServerKey);
        Assert.True(Login(towardsServer, PostgreSql));
    }

    [Fact]
    public void Login_KeyRecoveredFromAClient_DoesNotOpenAServerWithAnotherSalt()
    {
        ScramServerExchange towardsClient = PostgreSql;
        Assert.True(Login(new ScramClientExchange("pencil"), towardsClient));
        ScramSecret other = ScramSecret.Derive("pencil", 4096, new byte[16]);
        Assert.False(Login(
            new ScramClientExchange(towardsClient.ClientKey!, Secret.ServerKey), new ScramServerExchange("user", other, genuine: true)));
    }

    [Fact]
    public void Login_ServerWithoutTheServerKey_IsNotTrusted()
    {
        ScramSecret stolen = new(Secret.Iterations, Secret.Salt, Secret.StoredKey, new byte[32]);
        ScramServerExchange impostor = new("user", stolen, genuine: true);
        Assert.False(Login(new ScramClientExchange("pencil"), impostor));
        Assert.NotNull(impostor.ClientKey);
    }
}
