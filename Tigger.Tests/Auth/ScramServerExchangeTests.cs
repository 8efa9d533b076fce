using Tigger.Auth;
using static Tigger.Tests.Auth.ScramVectors;

namespace Tigger.Tests.Auth;

public sealed class ScramServerExchangeTests
{
    private static readonly byte[] ProcessSecret = new byte[32];

    public static TheoryData<string> MalformedFirst =>
    [
        "", "n", "n,", "n,,", "n,,n", "n,,n=", "n,,n=user", "n,,n=user,", "n,,n=user,r", "n,,n=user,r=", "n,,n=user,r=abc,",
        "n,,r=abc", "n,,r=abc,n=user", "x,,n=user,r=abc", "nn,,n=user,r=abc", "n;,n=user,r=abc",
        "p=tls-server-end-point,,n=user,r=abc", "p,,n=user,r=abc", "n,a=admin,n=user,r=abc", "n,x,n=user,r=abc",
        "n,,m=ext,n=user,r=abc", "n,,n=user,m=ext,r=abc", "n,,n=user,r=abc,m=ext",
        "n,,n=us\0er,r=abc", "n,,n=user,r=a\0bc", "n,,n=user,r=abc\0", "n,,n=user,r=abc,x=\0", "\0n,,n=user,r=abc",
        "n,,n=user,r=a bc", "n,,n=user,r=a\u00E9", "n,,n=user,r=a\u007F", "n,,n=user,r=abc,1=x", "n,,n=user,r=abc,x",
        "n,,n=user,r=abc,,x=1", "n,,n=user,r=" + new string('r', 1025), "n,,n=" + new string('u', 4096) + ",r=abc",
    ];

    public static TheoryData<string> MalformedFinal =>
    [
        "", "c", "c=", "c=biws", "c=biws,", ClientFinalBare, ClientFinalBare + ",", ClientFinalBare + ",p", ClientFinalBare + ",p=",
        ClientFinalBare + ",p=%%%%", ClientFinalBare + ",p=" + Proof[..^1], ClientFinalBare + ",p=" + Proof + "=",
        ClientFinalBare + ",p= " + Proof, ClientFinalBare + ",p=" + Salt, ClientFinalBare + ",p=" + new string('A', 88),
        ClientFinal + ",", ClientFinal + ",x=1", ClientFinal + "\0", "\0" + ClientFinal, "x=1," + ClientFinal,
        ClientFinalBare + ",m=1,p=" + Proof, ClientFinalBare + ",x=\0,p=" + Proof, ClientFinalBare + ",1=x,p=" + Proof,
        "c=eSws,r=" + ClientNonce + ServerNonce + ",p=" + Proof, "c=biwsAA==,r=" + ClientNonce + ServerNonce + ",p=" + Proof,
        "c=n,r=" + ClientNonce + ServerNonce + ",p=" + Proof, "r=" + ClientNonce + ServerNonce + ",c=biws,p=" + Proof,
        "c=biws,r=" + ClientNonce + ",p=" + Proof, "c=biws,r=" + ServerNonce + ",p=" + Proof,
        "c=biws,r=" + ClientNonce + ServerNonce + "x,p=" + Proof, "c=biws,r=,p=" + Proof,
        ClientFinalBare + ",x=" + new string('x', 4096) + ",p=" + Proof,
    ];

    [Fact]
    public void Exchange_Rfc7677_MatchesEveryByte()
    {
        ScramServerExchange server = NewServer();
        Assert.True(server.TryHandleClientFirst(Bytes(ClientFirst), out byte[] serverFirst, out _));
        Assert.Equal(ServerFirst, Text(serverFirst));
        Assert.Null(server.ClientKey);
        Assert.True(server.TryHandleClientFinal(Bytes(ClientFinal), out byte[] serverFinal, out string error));
        Assert.Equal(ServerFinal, Text(serverFinal));
        Assert.Equal("", error);
        Assert.NotNull(server.ClientKey);
        Assert.False(server.PasswordRejected);
    }

    [Theory]
    [MemberData(nameof(MalformedFirst))]
    public void TryHandleClientFirst_Malformed_IsRefusedForGood(string message)
    {
        ScramServerExchange server = NewServer();
        Assert.False(server.TryHandleClientFirst(Bytes(message), out byte[] serverFirst, out string error));
        Assert.Empty(serverFirst);
        Assert.NotEmpty(error);
        Assert.False(server.TryHandleClientFirst(Bytes(ClientFirst), out _, out _));
    }

    [Theory]
    [MemberData(nameof(MalformedFinal))]
    public void TryHandleClientFinal_Malformed_IsRefusedForGood(string message)
    {
        ScramServerExchange server = NewServer();
        Assert.True(server.TryHandleClientFirst(Bytes(ClientFirst), out _, out _));
        Assert.False(server.TryHandleClientFinal(Bytes(message), out byte[] serverFinal, out string error));
        Assert.Empty(serverFinal);
        Assert.NotEmpty(error);
        Assert.False(server.PasswordRejected);
        Assert.False(server.TryHandleClientFinal(Bytes(ClientFinal), out _, out _));
        Assert.Null(server.ClientKey);
    }

    [Fact]
    public void TryHandleClientFirst_NonceOf1024_IsAccepted() =>
        Assert.True(NewServer().TryHandleClientFirst(Bytes("n,,n=,r=" + new string('r', 1024)), out _, out _));

    [Fact]
    public void TryHandleClientFinal_ClientThatCouldBindChannels_IsHeldToItsOwnHeader()
    {
        ScramServerExchange server = NewServer();
        Assert.True(server.TryHandleClientFirst(Bytes("y,,n=user,r=" + ClientNonce), out _, out _));
        Assert.False(server.TryHandleClientFinal(Bytes(ClientFinal), out _, out string error));
        Assert.Equal("SCRAM channel binding check failed", error);
    }

    [Fact]
    public void TryHandleClientFinal_WrongProof_IsAPasswordFault()
    {
        ScramServerExchange server = NewServer();
        Assert.True(server.TryHandleClientFirst(Bytes(ClientFirst), out _, out _));
        Assert.False(server.TryHandleClientFinal(Bytes(ClientFinal.Replace("p=d", "p=e", StringComparison.Ordinal)), out byte[] serverFinal, out _));
        Assert.Empty(serverFinal);
        Assert.True(server.PasswordRejected);
        Assert.Null(server.ClientKey);
    }

    [Fact]
    public void TryHandleClientFinal_OptionalExtension_IsSigned()
    {
        // The proof does not cover the extension, so a well-formed message fails as a wrong password, not as a broken message.
        ScramServerExchange server = NewServer();
        Assert.True(server.TryHandleClientFirst(Bytes(ClientFirst + ",x=1"), out _, out _));
        Assert.False(server.TryHandleClientFinal(Bytes(ClientFinalBare + ",x=1,p=" + Proof), out _, out _));
        Assert.True(server.PasswordRejected);
    }

    [Fact]
    public void TryHandleClientFinal_BeforeFirst_IsRefused() =>
        Assert.False(NewServer().TryHandleClientFinal(Bytes(ClientFinal), out _, out _));

    [Fact]
    public void TryHandleClientFirst_Twice_IsRefused()
    {
        ScramServerExchange server = NewServer();
        Assert.True(server.TryHandleClientFirst(Bytes(ClientFirst), out _, out _));
        Assert.False(server.TryHandleClientFirst(Bytes(ClientFirst), out _, out _));
        Assert.False(server.TryHandleClientFinal(Bytes(ClientFinal), out _, out _));
    }

    [Fact]
    public void TryHandleClientFinal_AfterSuccess_IsRefused()
    {
        ScramServerExchange server = NewServer();
        Assert.True(server.TryHandleClientFirst(Bytes(ClientFirst), out _, out _));
        Assert.True(server.TryHandleClientFinal(Bytes(ClientFinal), out _, out _));
        Assert.False(server.TryHandleClientFinal(Bytes(ClientFinal), out _, out _));
    }

    [Fact]
    public void TryHandleClientFinal_RightProofButNotGenuine_IsAPasswordFault()
    {
        ScramServerExchange server = NewServer(genuine: false);
        Assert.True(server.TryHandleClientFirst(Bytes(ClientFirst), out _, out _));
        Assert.False(server.TryHandleClientFinal(Bytes(ClientFinal), out _, out _));
        Assert.True(server.PasswordRejected);
        Assert.Null(server.ClientKey);
    }

    [Fact]
    public void ForUnknownUser_AskedTwice_AnnouncesTheSameSalt()
    {
        Assert.Equal(Announced("ghost", ProcessSecret), Announced("ghost", ProcessSecret));
        Assert.NotEqual(Announced("ghost", ProcessSecret), Announced("spook", ProcessSecret));
        Assert.NotEqual(Announced("ghost", ProcessSecret), Announced("ghost", [.. ProcessSecret, 1]));
    }

    [Fact]
    public void ForUnknownUser_ServerFirst_HasTheShapeOfAGenuineOne()
    {
        ScramSecret ordinary = ScramSecret.Derive("x", ScramSecret.DefaultIterations, new byte[ScramSecret.DefaultSaltLength]);
        ScramServerExchange genuine = new("real", ordinary, genuine: true);
        ScramServerExchange mock = ScramServerExchange.ForUnknownUser("ghost", ProcessSecret);
        Assert.True(genuine.TryHandleClientFirst(Bytes(ClientFirst), out byte[] one, out _));
        Assert.True(mock.TryHandleClientFirst(Bytes(ClientFirst), out byte[] other, out _));
        Assert.Equal(one.Length, other.Length);
        Assert.EndsWith(",i=4096", Text(other), StringComparison.Ordinal);
    }

    [Fact]
    public void ForUnknownUser_AnyPassword_FailsLikeAWrongOne()
    {
        ScramServerExchange mock = ScramServerExchange.ForUnknownUser("ghost", ProcessSecret);
        Assert.False(Login(new ScramClientExchange("pencil"), mock));
        Assert.True(mock.PasswordRejected);
    }

    [Fact]
    public void ForUnknownUser_ShortProcessSecret_Throws() =>
        Assert.Throws<ArgumentException>(() => ScramServerExchange.ForUnknownUser("ghost", new byte[15]));

    private static string Announced(string user, byte[] processSecret)
    {
        ScramServerExchange mock = ScramServerExchange.ForUnknownUser(user, processSecret);
        Assert.True(mock.TryHandleClientFirst(Bytes(ClientFirst), out byte[] serverFirst, out _));
        return Text(serverFirst).Split(',')[1];
    }
}
