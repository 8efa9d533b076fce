using Tigger.Protocol;

namespace Tigger.Tests.Protocol;

/// <summary>A link taken over in the middle; traffic as in <see cref="ReplyLedgerTests"/>.</summary>
public sealed class ReplyLedgerResumeTests
{
    [Theory]
    [InlineData(1, 0, 0, "<CZ")]
    [InlineData(3, 0, 0, "<CZ12CZEZ")]
    [InlineData(1, 4, 0, "<12TDCZ")]
    [InlineData(1, 4, 0, "<DCZ")]
    [InlineData(1, 4, 0, "<Z")]
    [InlineData(1, 0, 0, "<EZ")]
    [InlineData(1, 3, 0, "<1EZ")]
    [InlineData(2, 0, 0, "<1EZ12CZ")]
    [InlineData(0, 0, 3, "<2C>S<Z")]
    [InlineData(0, 0, 3, "<1E>EQS<Z>Q<TDCZ")]
    [InlineData(0, 0, 2, ">Q<EZ")]
    [InlineData(1, 2, 3, "<2CZ12C>S<Z")]
    [InlineData(2, 0, 3, "<CZCZ1E>S<Z")]
    [InlineData(1, 3, 0, "<12CZ>PBES<12CZ")]
    [InlineData(1, 0, 0, "<Gd>ddc<CZ")]
    [InlineData(1, 0, 0, "<G>df<EZ")]
    [InlineData(1, 4, 0, "<12nG>dcS<CZ")]
    [InlineData(1, 1, 0, "<G>dcS<CZ")]
    [InlineData(1, 3, 0, "<12GE>dcS<Z>Q<CZ")]
    public void IsQuiet_RestOfAnExchange_IsTrueAfterTheLastReadyForQuery(int owed, int headExtended, int open, string traffic)
    {
        ReplyLedger ledger = new();
        ReplyLedgerTests.Replay(ledger, ">QPBEQ<C");
        ledger.Resume(owed, headExtended, open);
        Assert.Equal(owed, ledger.ExpectedReadyForQuery);

        ReplyLedgerTests.Replay(ledger, traffic[..^1]);
        Assert.False(ledger.IsQuiet);
        ReplyLedgerTests.Replay(ledger, "<Z");

        Assert.True(ledger.IsQuiet);
        Assert.True(ledger.IsEmpty);
        Assert.Equal(0, ledger.ExpectedReadyForQuery);
    }

    /// <summary>The programs leave what they counted of the last batch where it is.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Resume_NothingOwed_IsAsNew(int headExtended)
    {
        ReplyLedger ledger = new();
        ReplyLedgerTests.Replay(ledger, ">PQ");
        ledger.Resume(0, headExtended, 0);
        Assert.True(ledger.IsQuiet);
        Assert.False(ledger.ReadyForQuery());
    }

    [Theory]
    [InlineData(1, 4, "<G>dcS<CZ")]
    [InlineData(1, 0, "<G>dcS<CZ")]
    public void IsQuiet_CopyWhoseSyncWasNotSeen_RecoversAtTheNextReply(int owed, int headExtended, string traffic)
    {
        ReplyLedger ledger = new();
        ledger.Resume(owed, headExtended, 0);
        ReplyLedgerTests.Replay(ledger, traffic);
        Assert.False(ledger.IsQuiet);
        ReplyLedgerTests.Replay(ledger, ">Q<TDCZ");
        Assert.True(ledger.IsQuiet);
    }

    [Theory]
    [InlineData(-1, 0, 0)]
    [InlineData(0, -1, 0)]
    [InlineData(0, 0, -1)]
    public void Resume_Negative_Throws(int owed, int headExtended, int open) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReplyLedger().Resume(owed, headExtended, open));
}
