using System.Text;
using Tigger.Auth;

namespace Tigger.Tests.Auth;

/// <summary>The exchange of RFC 7677, section 3 – user "user", password "pencil" – and short cuts for the tests of both roles.</summary>
internal static class ScramVectors
{
    public const string ClientNonce = "rOprNGfwEbeRWgbNEkqO";
    public const string ServerNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    public const string Salt = "W22ZaJ0SNY7soEsUEjb6gQ==";
    public const string ClientFirst = "n,,n=user,r=" + ClientNonce;
    public const string ServerFirst = "r=" + ClientNonce + ServerNonce + ",s=" + Salt + ",i=4096";
    public const string ClientFinalBare = "c=biws,r=" + ClientNonce + ServerNonce;
    public const string Proof = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    public const string ClientFinal = ClientFinalBare + ",p=" + Proof;
    public const string ServerFinal = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    /// <summary>Secret of "pencil" with the RFC's salt.</summary>
    public static ScramSecret Secret { get; } = ScramSecret.Derive("pencil", 4096, Convert.FromBase64String(Salt));

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(byte[] data) => Encoding.Latin1.GetString(data);

    /// <summary>A server with the RFC's nonce and secret.</summary>
    public static ScramServerExchange NewServer(bool genuine = true) => new("user", Secret, genuine, Bytes(ServerNonce));

    /// <summary>A client with the RFC's nonce that has sent its first message.</summary>
    public static ScramClientExchange NewStartedClient()
    {
        ScramClientExchange client = new("pencil", Bytes(ClientNonce), "user");
        Assert.Equal(ClientFirst, Text(client.CreateClientFirst()));
        return client;
    }

    /// <summary>Runs both roles against each other; true if each accepts the other.</summary>
    public static bool Login(ScramClientExchange client, ScramServerExchange server) =>
        server.TryHandleClientFirst(client.CreateClientFirst(), out byte[] serverFirst, out _)
        && client.TryHandleServerFirst(serverFirst, out byte[] clientFinal, out _)
        && server.TryHandleClientFinal(clientFinal, out byte[] serverFinal, out _)
        && client.TryHandleServerFinal(serverFinal, out _);
}
