using System.Text;
using Tigger.Auth;

namespace Tigger.Tests.Auth;

public sealed class ScramSecretTests
{
    private const string Salt = "W22ZaJ0SNY7soEsUEjb6gQ==";
    private const string Stored = "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=";
    private const string Server = "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";
    private const string Good = $"SCRAM-SHA-256$4096:{Salt}${Stored}:{Server}";

    [Fact]
    public void Derive_Rfc7677Password_GivesTheKnownKeys() =>
        Assert.Equal(Good, ScramSecret.Derive("pencil", 4096, Convert.FromBase64String(Salt)).Format());

    [Fact]
    public void TryParse_PostgresText_ReadsAllParts()
    {
        Assert.True(ScramSecret.TryParse(Good, out ScramSecret? secret));
        Assert.Equal(4096, secret.Iterations);
        Assert.Equal(Convert.FromBase64String(Salt), secret.Salt);
        Assert.Equal(Convert.FromBase64String(Stored), secret.StoredKey);
        Assert.Equal(Convert.FromBase64String(Server), secret.ServerKey);
        Assert.Equal(Good, secret.Format());
    }

    [Theory]
    [InlineData("")]
    [InlineData("SCRAM-SHA-256$")]
    [InlineData("SCRAM-SHA-1$4096:" + Salt + "$" + Stored + ":" + Server)]
    [InlineData("scram-sha-256$4096:" + Salt + "$" + Stored + ":" + Server)]
    [InlineData("SCRAM-SHA-256$0:" + Salt + "$" + Stored + ":" + Server)]
    [InlineData("SCRAM-SHA-256$-1:" + Salt + "$" + Stored + ":" + Server)]
    [InlineData("SCRAM-SHA-256$+4096:" + Salt + "$" + Stored + ":" + Server)]
    [InlineData("SCRAM-SHA-256$04096:" + Salt + "$" + Stored + ":" + Server)]
    [InlineData("SCRAM-SHA-256$1000001:" + Salt + "$" + Stored + ":" + Server)]
    [InlineData("SCRAM-SHA-256$99999999999:" + Salt + "$" + Stored + ":" + Server)]
    [InlineData("SCRAM-SHA-256$:" + Salt + "$" + Stored + ":" + Server)]
    [InlineData("SCRAM-SHA-256$4096:$" + Stored + ":" + Server)]
    [InlineData("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ$" + Stored + ":" + Server)]
    [InlineData("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gR==$" + Stored + ":" + Server)]
    [InlineData("SCRAM-SHA-256$4096: " + Salt + "$" + Stored + ":" + Server)]
    [InlineData("SCRAM-SHA-256$4096:" + Salt + "$" + Salt + ":" + Server)]
    [InlineData("SCRAM-SHA-256$4096:" + Salt + "$" + Stored + ":" + Salt)]
    [InlineData("SCRAM-SHA-256$4096:" + Salt + "$" + Stored)]
    [InlineData("SCRAM-SHA-256$4096:" + Salt + "$" + Stored + ":" + Server + ":")]
    [InlineData("SCRAM-SHA-256$4096:" + Salt + "$" + Stored + ":" + Server + "\n")]
    [InlineData("SCRAM-SHA-256$4096:" + Salt + "$" + Stored + ":" + Server + "\0")]
    [InlineData("SCRAM-SHA-256$4096:" + Salt + "$" + Stored + "$" + Server)]
    [InlineData("SCRAM-SHA-256$4096:\ud800$" + Stored + ":" + Server)]
    public void TryParse_NotExactlyTheForm_False(string text)
    {
        Assert.False(ScramSecret.TryParse(text, out ScramSecret? secret));
        Assert.Null(secret);
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(1_000_001, 16)]
    [InlineData(1, 0)]
    [InlineData(1, 1025)]
    public void Derive_OutOfRange_Throws(int iterations, int saltLength) =>
        Assert.ThrowsAny<ArgumentException>(() => ScramSecret.Derive("pencil", iterations, new byte[saltLength]));

    [Fact]
    public void ToString_Secret_ShowsNoKeyAndNoSalt()
    {
        Assert.True(ScramSecret.TryParse(Good, out ScramSecret? secret));
        Assert.Equal("SCRAM-SHA-256 secret, 4096 iterations", secret.ToString());
    }

    [Fact]
    public void TryParse_RandomDamage_NeverThrowsAndRoundTrips()
    {
        Random random = new(5803);
        for (int i = 0; i < 5000; i++)
        {
            StringBuilder text = new(Good);
            for (int n = random.Next(1, 4); n > 0; n--)
                text[random.Next(text.Length)] = (char)random.Next(random.Next(2) == 0 ? 128 : 65536);
            if (ScramSecret.TryParse(text.ToString(), out ScramSecret? secret))
                Assert.Equal(text.ToString(), secret.Format());
        }
    }
}
