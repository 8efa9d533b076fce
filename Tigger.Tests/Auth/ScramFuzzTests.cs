using System.Text;
using Tigger.Auth;
using static Tigger.Tests.Auth.ScramVectors;

namespace Tigger.Tests.Auth;

/// <summary>Damaged and random bytes against every reader; the seeds are fixed so that a failure comes back.</summary>
public sealed class ScramFuzzTests
{
    private const int Rounds = 20_000;

    [Fact]
    public void TryHandleClientFirst_DamagedBytes_NeverThrows()
    {
        Random random = new(1);
        for (int i = 0; i < Rounds; i++)
        {
            bool accepted = NewServer().TryHandleClientFirst(Damage(ClientFirst, random), out byte[] answer, out string error);
            Assert.Equal(accepted, answer.Length > 0);
            Assert.Equal(accepted, error.Length == 0);
        }
    }

    [Fact]
    public void TryHandleClientFinal_DamagedBytes_NeverThrowsNorLogsIn()
    {
        Random random = new(2);
        for (int i = 0; i < Rounds; i++)
        {
            byte[] message = Damage(ClientFinal, random);
            ScramServerExchange server = NewServer();
            Assert.True(server.TryHandleClientFirst(Bytes(ClientFirst), out _, out _));
            Assert.Equal(Text(message) == ClientFinal, server.TryHandleClientFinal(message, out _, out _));
        }
    }

    [Fact]
    public void TryHandleServerFirst_DamagedBytes_NeverThrows()
    {
        Random random = new(3);
        for (int i = 0; i < Rounds; i++)
        {
            // Keys instead of a password: damaged iteration counts must not cost PBKDF2 here.
            ScramClientExchange client = new(new byte[32], new byte[32]);
            string nonce = Text(client.CreateClientFirst())["n,,n=,r=".Length..];
            string message = ServerFirst.Replace(ClientNonce, nonce, StringComparison.Ordinal);
            bool accepted = client.TryHandleServerFirst(Damage(message, random), out byte[] answer, out string error);
            Assert.Equal(accepted, answer.Length > 0);
            Assert.Equal(accepted, error.Length == 0);
        }
    }

    [Fact]
    public void TryHandleServerFinal_DamagedBytes_NeverThrowsNorTrusts()
    {
        Random random = new(4);
        for (int i = 0; i < 500; i++)
        {
            byte[] message = Damage(ServerFinal, random);
            ScramClientExchange client = NewStartedClient();
            Assert.True(client.TryHandleServerFirst(Bytes(ServerFirst), out _, out _));
            Assert.Equal(Text(message) == ServerFinal, client.TryHandleServerFinal(message, out _));
        }
    }

    [Fact]
    public void UserListAndSaslPrep_RandomText_NeverThrow()
    {
        Random random = new(5);
        const string pieces = "\"\"\"\"  \n\r;ab\0\\\u00A0\u00AD\u05D0\uD83D\uDE00\uFF21$:=,";
        for (int i = 0; i < Rounds; i++)
        {
            StringBuilder text = new();
            for (int n = random.Next(40); n > 0; n--)
                text.Append(random.Next(8) == 0 ? (char)random.Next(65536) : pieces[random.Next(pieces.Length)]);
            Assert.NotNull(UserList.Parse(text.ToString()).Users);
            Assert.NotNull(SaslPrep.Normalize(text.ToString()));
        }
    }

    private static byte[] Damage(string message, Random random)
    {
        List<byte> bytes = [.. Bytes(message)];
        switch (random.Next(8))
        {
            case 0:
                byte[] noise = new byte[random.Next(64)];
                random.NextBytes(noise);
                return noise;
            case 1:
                return [.. bytes.Take(random.Next(bytes.Count))];
            case 2:
                return [.. bytes, .. Enumerable.Repeat((byte)random.Next(256), random.Next(1, 6000))];
            default:
                break;
        }
        const string likely = ",=\0mnprcvsi+/Az09 ";
        for (int n = random.Next(1, 4); n > 0; n--)
        {
            byte value = random.Next(2) == 0 ? (byte)likely[random.Next(likely.Length)] : (byte)random.Next(256);
            int at = random.Next(bytes.Count);
            if (random.Next(3) == 0)
                bytes.RemoveAt(at);
            else if (random.Next(2) == 0)
                bytes.Insert(at, value);
            else
                bytes[at] = value;
        }
        return [.. bytes];
    }
}
