using Tigger.Auth;
using static Tigger.Tests.Auth.ScramVectors;

namespace Tigger.Tests.Auth;

public sealed class ScramClientExchangeTests
{
    private const string Nonce = ClientNonce + ServerNonce;

    public static TheoryData<string> MalformedFirst =>
    [
        "", "r", "r=", "r=" + Nonce, "r=" + Nonce + ",", "r=" + Nonce + ",s=" + Salt, "r=" + Nonce + ",s=" + Salt + ",i=",
        "r=" + Nonce + ",i=4096,s=" + Salt, "s=" + Salt + ",r=" + Nonce + ",i=4096", "m=ext," + ServerFirst,
        ServerFirst + ",", ServerFirst + ",x=1", ServerFirst + "\0", "\0" + ServerFirst, ServerFirst.Replace("s=", "s=\0", StringComparison.Ordinal),
        "r=" + ClientNonce + ",s=" + Salt + ",i=4096", "r=x" + Nonce + ",s=" + Salt + ",i=4096",
        "r=" + ServerNonce + ",s=" + Salt + ",i=4096", "r=" + Nonce + "\u00E9,s=" + Salt + ",i=4096",
        "r=" + Nonce + new string('n', 2048) + ",s=" + Salt + ",i=4096", "r=" + Nonce + new string('n', 100_000) + ",s=" + Salt + ",i=4096",
        "r=" + Nonce + ",s=,i=4096", "r=" + Nonce + ",s=%%%%,i=4096", "r=" + Nonce + ",s=W22ZaJ0SNY7soEsUEjb6gQ,i=4096",
        "r=" + Nonce + ",s= " + Salt + ",i=4096", "r=" + Nonce + ",s=" + new string('A', 1372) + ",i=4096",
        "r=" + Nonce + ",s=" + Salt + ",i=0", "r=" + Nonce + ",s=" + Salt + ",i=-1", "r=" + Nonce + ",s=" + Salt + ",i=1e3",
        "r=" + Nonce + ",s=" + Salt + ",i=1000001", "r=" + Nonce + ",s=" + Salt + ",i=99999999999999999999",
        "r=" + Nonce + ",s=" + Salt + ",i= 4096", "e=other-error",
    ];

    public static TheoryData<string> MalformedFinal =>
    [
        "", "v", "v=", "v=%%%%", "v=" + Salt, ServerFinal[..^1], ServerFinal + ",", ServerFinal + ",x=1", ServerFinal + "\0", "\0" + ServerFinal,
        "v=" + Proof, "x=1," + ServerFinal, "v=" + new string('A', 5000), "m=1",
    ];

    [Fact]
    public void Exchange_Rfc7677_MatchesEveryByte()
    {
        ScramClientExchange client = NewStartedClient();
        Assert.True(client.TryHandleServerFirst(Bytes(ServerFirst), out byte[] clientFinal, out string error));
        Assert.Equal(ClientFinal, Text(clientFinal));
        Assert.Equal("", error);
        Assert.True(client.TryHandleServerFinal(Bytes(ServerFinal), out error));
        Assert.Equal("", error);
    }

    [Theory]
    [MemberData(nameof(MalformedFirst))]
    public void TryHandleServerFirst_Malformed_IsRefusedForGood(string message)
    {
        ScramClientExchange client = NewStartedClient();
        Assert.False(client.TryHandleServerFirst(Bytes(message), out byte[] clientFinal, out string error));
        Assert.Empty(clientFinal);
        Assert.NotEmpty(error);
        Assert.False(client.TryHandleServerFirst(Bytes(ServerFirst), out _, out _));
    }

    [Theory]
    [MemberData(nameof(MalformedFinal))]
    public void TryHandleServerFinal_Malformed_IsRefusedForGood(string message)
    {
        ScramClientExchange client = NewStartedClient();
        Assert.True(client.TryHandleServerFirst(Bytes(ServerFirst), out _, out _));
        Assert.False(client.TryHandleServerFinal(Bytes(message), out string error));
        Assert.NotEmpty(error);
        Assert.False(client.TryHandleServerFinal(Bytes(ServerFinal), out _));
    }

    [Fact]
    public void TryHandleServerFinal_ErrorFromServer_IsReportedOnOneShortLine()
    {
        ScramClientExchange client = NewStartedClient();
        Assert.True(client.TryHandleServerFirst(Bytes(ServerFirst), out _, out _));
        Assert.False(client.TryHandleServerFinal(Bytes("e=invalid-proof\r\n" + new string('x', 500)), out string error));
        Assert.StartsWith("SCRAM error from server: invalid-proof??x", error, StringComparison.Ordinal);
        Assert.True(error.Length < 100);
    }

    [Fact]
    public void TryHandleServerFinal_BeforeServerFirst_IsRefused() =>
        Assert.False(NewStartedClient().TryHandleServerFinal(Bytes(ServerFinal), out _));

    [Fact]
    public void TryHandleServerFirst_BeforeOurFirst_IsRefused() =>
        Assert.False(new ScramClientExchange("pencil").TryHandleServerFirst(Bytes(ServerFirst), out _, out _));

    [Fact]
    public void CreateClientFirst_Twice_Throws() =>
        Assert.Throws<InvalidOperationException>(() => NewStartedClient().CreateClientFirst());

    [Fact]
    public void CreateClientFirst_TwoExchanges_HaveDifferentNonces() =>
        Assert.NotEqual(new ScramClientExchange("x").CreateClientFirst(), new ScramClientExchange("x").CreateClientFirst());

    [Theory]
    [InlineData(31, 32)]
    [InlineData(32, 33)]
    public void Constructor_KeyOfWrongLength_Throws(int clientKey, int serverKey) =>
        Assert.Throws<ArgumentException>(() => new ScramClientExchange(new byte[clientKey], new byte[serverKey]));
}
