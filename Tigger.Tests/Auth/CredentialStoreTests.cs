using Tigger.Auth;
using static Tigger.Tests.Auth.ScramVectors;

namespace Tigger.Tests.Auth;

public sealed class CredentialStoreTests
{
    private const string User = "user";

    private static readonly string ScramText = Secret.Format();

    /// <summary>The key a client with the password "pencil" proves to have.</summary>
    private static readonly byte[] Key = LearnKey();

    [Fact]
    public void Find_UnknownUser_IsNull() => Assert.Null(Store(ScramText).Find("nobody"));

    [Fact]
    public void Learn_ScramSecret_OpensServersInTheUsersName()
    {
        CredentialStore store = Store(ScramText);
        Assert.Null(store.CreateClientExchange(User));
        store.Learn(User, Key);
        ScramClientExchange exchange = Assert.IsType<ScramClientExchange>(store.CreateClientExchange(User));
        Assert.True(Login(exchange, new ScramServerExchange(User, Secret, genuine: true)));
    }

    [Theory]
    [InlineData("pencil")]
    [InlineData("md5" + "0123456789abcdef0123456789abcdef")]
    [InlineData("")]
    public void Learn_OtherSecret_KeepsNothing(string secret)
    {
        CredentialStore store = Store(secret);
        store.Learn(User, Key);
        Assert.Null(store.CreateClientExchange(User));
    }

    [Fact]
    public void Learn_NoKeyOrUnknownUser_KeepsNothing()
    {
        CredentialStore store = Store(ScramText);
        store.Learn(User, null);
        store.Learn("nobody", Key);
        Assert.Null(store.CreateClientExchange(User));
        Assert.Null(store.CreateClientExchange("nobody"));
    }

    [Fact]
    public void LearnFrom_SecretUnchanged_KeepsTheKey()
    {
        CredentialStore before = Store(ScramText);
        before.Learn(User, Key);
        CredentialStore after = Store(ScramText);
        after.LearnFrom(before);
        Assert.NotNull(after.CreateClientExchange(User));
    }

    [Theory]
    [InlineData("pencil")]
    [InlineData("")]
    public void LearnFrom_SecretOfAnotherKind_ForgetsTheKey(string secret) => AssertForgotten(Store(secret));

    [Fact]
    public void LearnFrom_SamePasswordWithAnotherSalt_ForgetsTheKey() =>
        AssertForgotten(Store(ScramSecret.Derive("pencil", 4096, new byte[16]).Format()));

    [Fact]
    public void LearnFrom_UserGone_ForgetsTheKey() => AssertForgotten(new CredentialStore(new Dictionary<string, UserSecret>(), 4096));

    [Fact]
    public void CreateExchange_PlainSecret_LetsThePasswordInEveryTime()
    {
        CredentialStore store = Store("pencil");
        Assert.True(Login(new ScramClientExchange("pencil"), store.CreateExchange(User)));
        Assert.True(Login(new ScramClientExchange("pencil"), store.CreateExchange(User)));
        Assert.False(Login(new ScramClientExchange("Pencil"), store.CreateExchange(User)));
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("other")]
    public void CreateExchange_UnknownUser_ShowsTheSameSaltEachTimeAndFails(string user)
    {
        CredentialStore store = Store("pencil");
        Assert.Equal(SaltFor(store, user), SaltFor(Store("other"), user));
        Assert.False(Login(new ScramClientExchange("pencil"), store.CreateExchange(user)));
    }

    private static CredentialStore Store(string secret) =>
        new(new Dictionary<string, UserSecret> { [User] = UserSecret.Parse(secret) }, 4096);

    private static void AssertForgotten(CredentialStore after)
    {
        CredentialStore before = Store(ScramText);
        before.Learn(User, Key);
        after.LearnFrom(before);
        Assert.Null(after.CreateClientExchange(User));
    }

    private static byte[] LearnKey()
    {
        ScramServerExchange server = new(User, Secret, genuine: true);
        Assert.True(Login(new ScramClientExchange("pencil"), server));
        return server.ClientKey!;
    }

    private static string SaltFor(CredentialStore store, string user)
    {
        Assert.True(store.CreateExchange(user).TryHandleClientFirst(Bytes(ClientFirst), out byte[] challenge, out _));
        return Text(challenge).Split(',').Single(part => part.StartsWith("s=", StringComparison.Ordinal));
    }
}
