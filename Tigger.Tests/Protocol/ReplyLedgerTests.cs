using Tigger.Protocol;

namespace Tigger.Tests.Protocol;

/// <summary>Named cases; the traffic is written as client types (&gt;) and server types (&lt;).</summary>
public sealed class ReplyLedgerTests
{
    [Theory]
    [InlineData("")]
    [InlineData(">Q<TDCZ")]
    [InlineData(">QQQ<CZCZCZ")]
    [InlineData(">Q<TCTCEZ")]
    [InlineData(">F<VZ")]
    [InlineData(">PBDES<12TDDCZ")]
    [InlineData(">PDS<1tTZ")]
    [InlineData(">PBESPBES<12CZ12sZ")]
    [InlineData(">PBES<1EZ")]
    [InlineData(">PB<1E>EQFcS<Z")]
    [InlineData(">PBEQFcS<EZ")]
    [InlineData(">PBQ<12CZ")]
    [InlineData(">S<EZ")]
    [InlineData(">Q<Gd>dc<CZ")]
    [InlineData(">QdcQ<GCZCZ")]
    [InlineData(">Qcc<GCGCZ")]
    [InlineData(">Q<G>df<EZ")]
    [InlineData(">Qdf<GEZ>S<Z")]
    [InlineData(">PBES<12G>dcS<CZ")]
    [InlineData(">PBESdcS<12GCZ")]
    [InlineData(">PBE<12G>SSHdc<C>S<Z")]
    [InlineData(">PBE<12GE>dcS<Z")]
    [InlineData(">Q<HddcCZNSA")]
    [InlineData(">Q<CZ>Hdcf")]
    public void IsQuiet_Exchange_IsTrueOnlyAfterTheLastReadyForQuery(string traffic)
    {
        ReplyLedger ledger = new();
        int last = traffic.LastIndexOf('Z');
        Replay(ledger, traffic[..Math.Max(0, last)]);
        Assert.Equal(last < 0, ledger.IsQuiet);
        Replay(ledger, last < 0 ? "" : "<" + traffic[last..]);
        Assert.True(ledger.IsQuiet);
        Assert.True(ledger.IsEmpty);
        Assert.Equal(0, ledger.ExpectedReadyForQuery);
    }

    [Theory]
    [InlineData(">P<1")]
    [InlineData(">PBES<12CZ>P<1")]
    [InlineData(">QQ<CZ")]
    [InlineData(">Q<G>d")]
    [InlineData(">PS<E>Q")]
    [InlineData(">PBES<12G>dcS<C")]
    public void IsQuiet_SomethingOpen_IsFalse(string traffic)
    {
        ReplyLedger ledger = new();
        Replay(ledger, traffic);
        Assert.False(ledger.IsQuiet);
    }

    [Fact]
    public void IsQuiet_CopyFailedAfterLibpqsSyncs_RecoversAtTheNextReply()
    {
        ReplyLedger ledger = new();

        // A Sync with the Execute, which the COPY swallows, and another one with CopyDone.
        Replay(ledger, ">PBES<12G>ddcS<EZ");
        Assert.Equal(1, ledger.ExpectedReadyForQuery);
        Assert.False(ledger.IsQuiet);

        Replay(ledger, ">PBES<1");
        Assert.Equal(1, ledger.ExpectedReadyForQuery);
        Replay(ledger, "<2CZ");
        Assert.True(ledger.IsQuiet);
    }

    [Fact]
    public void ReadyForQuery_NoneExpected_ReturnsFalse()
    {
        ReplyLedger ledger = new();
        Assert.False(ledger.ReadyForQuery());
        Replay(ledger, ">P");
        Assert.False(ledger.ReadyForQuery());
    }

    [Fact]
    public void ClientMessage_TooManyRuns_ReturnsFalse()
    {
        ReplyLedger ledger = new();
        for (int i = 0; i < ReplyLedger.MaxRuns / 2; i++)
        {
            Assert.True(ledger.ClientMessage(FrontendCode.Parse));
            Assert.True(ledger.ClientMessage(FrontendCode.Sync));
        }

        Assert.False(ledger.ClientMessage(FrontendCode.Parse));
        ledger.Reset();
        Assert.True(ledger.IsQuiet);
        Assert.True(ledger.ClientMessage(FrontendCode.Parse));
    }

    [Fact]
    public void ClientMessage_MillionQueries_IsOneRun()
    {
        ReplyLedger ledger = new();
        Replay(ledger, ">" + new string('Q', 1_000_000));
        Assert.Equal(1_000_000, ledger.ExpectedReadyForQuery);
    }

    [Fact]
    public void Traffic_InSteadyState_AllocatesNothing()
    {
        ReplyLedger ledger = new();
        const string Traffic = ">PBESPBESQdc<12CZ12CZGCZ";
        Replay(ledger, Traffic);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Replay(ledger, Traffic);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    internal static void Replay(ReplyLedger ledger, string traffic)
    {
        bool fromClient = true;
        foreach (char type in traffic)
        {
            if (type is '<' or '>')
            {
                fromClient = type == '>';
            }
            else if (fromClient)
            {
                Assert.True(ledger.ClientMessage((byte)type));
            }
            else if (type == 'Z')
            {
                Assert.True(ledger.ReadyForQuery());
            }
            else
            {
                ledger.ServerMessage((byte)type);
            }
        }
    }
}
