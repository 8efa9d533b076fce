using System.Text;
using Tigger.Protocol;
using Tigger.Sessions;

namespace Tigger.Tests.Protocol;

/// <summary>Random bytes into every parser of the startup and of replies: none throws, none reads past the end.</summary>
public sealed class ParserFuzzTests
{
    private const int Rounds = 40_000;

    /// <summary>Bytes that mean something somewhere; with them random bodies get further than the first check.</summary>
    private static readonly byte[] Telling = [.. new byte[16], 1, 4, 5, 0x7f, 0x80, 0xff, .. "SVCMuserdatabase_pq_.-c=\\ "u8];

    [Fact]
    public void StartupMessage_RandomBytes_AreTakenOrRefused() => AssertBoth(body =>
    {
        bool taken = StartupMessage.TryParse(StartupCode.Version3, body, out StartupMessage? message, out _);
        Assert.Equal(taken, message is not null);
        Assert.True(!taken || body[^1] == 0, "taken without a terminator");
        return taken;
    });

    [Fact]
    public void ErrorFields_RandomBytes_AlwaysGiveAnError() => AssertBoth(body =>
    {
        ErrorFields fields = ErrorFields.Parse(body);
        Assert.Equal(5, fields.SqlState.Length);
        return fields.Message != "unknown error";
    });

    [Fact]
    public void ParameterStatus_RandomBytes_AreTakenOrRefused() =>
        AssertBoth(body => ParameterStatus.TryParse(body, out string? name, out string? value) && name.Length + value.Length < body.Length);

    [Fact]
    public void SaslInitial_RandomBytes_AreTakenOrRefused() => AssertBoth(body =>
        PasswordMessage.TryParseSaslInitial(body, out _, out ReadOnlySpan<byte> data) && data.Length <= body.Length);

    [Fact]
    public void StartupOptions_RandomText_IsTakenOrRefused() => AssertBoth(body =>
    {
        bool taken = StartupOptions.TryParse(Encoding.Latin1.GetString(body), out _, out string? offending);
        Assert.Equal(taken, offending is null);
        return taken;
    });

    [Fact]
    public void CancelKey_RandomBytes_AreTakenByLengthOnly() => AssertBoth(body =>
    {
        bool taken = CancelKey.TryRead(body, out CancelKey key);
        Assert.Equal(body.Length == CancelKey.Length, taken);
        return taken && key.ToBytes().AsSpan().SequenceEqual(body);
    });

    [Fact]
    public void ReplyLedger_RandomMessages_NeverOwesLessThanNothing()
    {
        Random random = new(7);
        for (int round = 0; round < 300; round++)
        {
            ReplyLedger ledger = new();
            for (int step = 0; step < 400; step++)
            {
                byte type = random.Next(4) == 0 ? (byte)random.Next(256) : Types[random.Next(Types.Length)];
                switch (random.Next(5))
                {
                    case 0:
                        ledger.ReadyForQuery();
                        break;
                    case 1 or 2:
                        ledger.ServerMessage(type);
                        break;
                    default:
                        ledger.ClientMessage(type);
                        break;
                }

                Assert.InRange(ledger.ExpectedReadyForQuery, 0, 400);
            }
        }
    }

    private static ReadOnlySpan<byte> Types => "QPBDECHSFdcfXGWZTI123nsE"u8;

    private delegate bool Parser(ReadOnlySpan<byte> body);

    /// <summary>Runs the parser over many bodies; among them must be some it takes and some it does not.</summary>
    private static void AssertBoth(Parser parser)
    {
        Random random = new(4711);
        int taken = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] body = new byte[random.Next(random.Next(4) == 0 ? 200 : 12)];
            for (int i = 0; i < body.Length; i++)
            {
                body[i] = round % 5 == 0 ? (byte)random.Next(256) : Telling[random.Next(Telling.Length)];
            }

            taken += parser(body) ? 1 : 0;
        }

        Assert.InRange(taken, 1, Rounds - 1);
    }
}
