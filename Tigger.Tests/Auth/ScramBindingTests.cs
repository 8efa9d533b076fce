using Tigger.Auth;
using static Tigger.Tests.Auth.ScramVectors;

namespace Tigger.Tests.Auth;

/// <summary>Channel binding (RFC 5802, section 6): both roles, and what somebody in between could try.</summary>
public sealed class ScramBindingTests
{
    private static readonly byte[] Channel = [1, 2, 3];
    private static readonly byte[] OtherChannel = [3, 2, 1];

    [Fact]
    public void Login_BothSeeTheSameChannel_Succeeds() => Assert.True(Login(Channel, canBind: true, Channel, binds: true));

    [Fact]
    public void Login_ChannelsDiffer_Fails() => Assert.False(Login(Channel, canBind: true, OtherChannel, binds: true));

    [Fact]
    public void Login_OfferWasTakenAway_FailsAtTheServer() => Assert.False(Login(null, canBind: true, Channel, binds: false));

    [Fact]
    public void Login_ServerCannotBind_Succeeds() => Assert.True(Login(null, canBind: true, null, binds: false));

    [Fact]
    public void Login_ClientCannotBind_Succeeds() => Assert.True(Login(null, canBind: false, Channel, binds: false));

    [Theory]
    [InlineData("p=tls-server-end-point,,", false)]
    [InlineData("n,,", true)]
    [InlineData("y,,", true)]
    [InlineData("p=tls-unique,,", true)]
    [InlineData("p=tls-server-end-point", true)]
    [InlineData("p=,,", true)]
    public void ClientFirst_FlagDoesNotFitTheMechanism_IsRefused(string header, bool binds)
    {
        ScramServerExchange server = NewServer();
        server.EndPoint = Channel;
        Assert.False(server.TryHandleClientFirst(Bytes($"{header}n=,r={ClientNonce}"), out _, out string error, binds));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void ClientFirst_MechanismWasNotOffered_IsRefused() =>
        Assert.False(NewServer().TryHandleClientFirst(Bytes($"p=tls-server-end-point,,n=,r={ClientNonce}"), out _, out _, binds: true));

    private static bool Login(byte[]? clientSees, bool canBind, byte[]? serverSees, bool binds)
    {
        ScramClientExchange client = new("pencil") { CanBind = canBind, EndPoint = clientSees };
        ScramServerExchange server = NewServer();
        server.EndPoint = serverSees;
        return server.TryHandleClientFirst(client.CreateClientFirst(), out byte[] serverFirst, out _, binds)
            && client.TryHandleServerFirst(serverFirst, out byte[] clientFinal, out _)
            && server.TryHandleClientFinal(clientFinal, out byte[] serverFinal, out _)
            && client.TryHandleServerFinal(serverFinal, out _);
    }
}
