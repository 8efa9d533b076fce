using Tigger.Kernel.Slots;
using Tigger.Prepared;

namespace Tigger.Tests.Prepared;

public sealed class ServerStatementsTests
{
    private readonly StatementTable _table = new();
    private readonly ServerStatements _server;

    public ServerStatementsTests() => _server = new ServerStatements(_table);

    [Fact]
    public void Use_OfAStatementOnItsWay_OnlyInTheSameBatch()
    {
        PreparedStatement statement = Statement("a");
        Assert.False(_server.Use(statement, 1));
        ServerStatement known = _server.Prepare(statement, 1, out bool closeFirst);
        Assert.False(closeFirst);
        Assert.True(_server.Use(statement, 1));
        Assert.False(_server.Use(statement, 2));
        known.Prepared();
        Assert.True(_server.Use(statement, 2));
    }

    [Fact]
    public void Prepare_WhileAnEarlierBatchIsUndecided_ClosesFirst()
    {
        PreparedStatement statement = Statement("a");
        ServerStatement known = _server.Prepare(statement, 1, out _);
        Assert.Same(known, _server.Prepare(statement, 2, out bool closeFirst));
        Assert.True(closeFirst);
        _server.NotPrepared(known);
        Assert.True(_server.Use(statement, 2));
        known.Prepared();
        Assert.True(_server.Use(statement, 3));
        Assert.Equal(1, _server.Count);
    }

    [Fact]
    public void NotPrepared_StatementThatNeverWasThere_IsForgotten()
    {
        PreparedStatement statement = Statement("a");
        _server.NotPrepared(_server.Prepare(statement, 1, out _));
        Assert.Equal(0, _server.Count);
        _server.Prepare(statement, 2, out bool closeFirst);
        Assert.False(closeFirst);
    }

    [Fact]
    public void NotPrepared_StatementThatMayBeThere_IsClosedBeforeTheNextTry()
    {
        PreparedStatement statement = Prepared("a");
        statement.Edition++;
        Assert.False(_server.Use(statement, 1));
        ServerStatement known = _server.Prepare(statement, 1, out bool closeFirst);
        Assert.True(closeFirst);
        _server.NotPrepared(known);
        Assert.False(_server.Use(statement, 2));
        _server.Prepare(statement, 2, out closeFirst);
        Assert.True(closeFirst);
    }

    [Fact]
    public void Evict_TooMany_GivesTheOneUnusedForLongest()
    {
        PreparedStatement a = Prepared("a"), b = Prepared("b"), c = Prepared("c");
        Assert.True(_server.Use(a, 1));
        Assert.Null(_server.Evict(3));
        ServerStatement evicted = _server.Evict(2)!;
        Assert.Same(b, evicted.Statement);
        Assert.Null(_server.Evict(2));
        _server.Closed(evicted);
        Assert.Equal(2, _server.Count);
        Assert.True(_server.Use(a, 1) && _server.Use(c, 1));
        Assert.False(_server.Use(b, 1));
    }

    [Fact]
    public void Evict_UsedUnseen_IsPassedOverButNotForTheNewest()
    {
        _table.UseNumbers();
        PreparedStatement a = Prepared("a"), b = Prepared("b"), c = Prepared("c");
        Marks marks = new() { Used = { a.Number } };
        Assert.Same(b, _server.Evict(2, marks)!.Statement);
        marks.Used.Add(a.Number);
        Assert.Same(a, _server.Evict(1, marks)!.Statement);
        Assert.True(_server.Use(c, 1));
        marks.Used.Add(c.Number);
        Assert.Same(c, _server.Evict(0, marks)!.Statement);
    }

    [Fact]
    public void Numbers_OnlyThoseThatCanBeUsedAsTheyAre()
    {
        _table.UseNumbers();
        PreparedStatement there = Prepared("there"), old = Prepared("old"), pending = Statement("pending");
        _server.Prepare(pending, 1, out _);
        old.Edition++;
        Assert.True(_server.IsChanged);
        StatementBits expected = default;
        expected.Set(there.Number);
        Assert.Equal(Words(expected), Words(_server.Numbers()));
        Assert.False(_server.IsChanged);
        _server.Clear();
        Assert.True(_server.IsChanged);
        Assert.Equal(Words(default), Words(_server.Numbers()));
    }

    [Fact]
    public void Evict_CloseIsSkipped_StatementIsStillThere()
    {
        PreparedStatement a = Prepared("a");
        Prepared("b");
        _server.NotClosed(_server.Evict(1)!);
        Assert.Equal(2, _server.Count);
        Assert.True(_server.Use(a, 1));
    }

    [Fact]
    public void Evict_PreparedAgainBeforeTheOutcome_IsClosedFirstAndStays()
    {
        PreparedStatement a = Prepared("a");
        Prepared("b");
        ServerStatement evicted = _server.Evict(1)!;
        ServerStatement again = _server.Prepare(a, 2, out bool closeFirst);
        Assert.True(closeFirst);
        _server.Closed(evicted);
        again.Prepared();
        Assert.True(_server.Use(a, 3));
    }

    [Fact]
    public void Evict_TwiceBeforeTheOutcome_OnlyTheLastCounts()
    {
        PreparedStatement a = Prepared("a");
        ServerStatement first = _server.Evict(0)!;
        ServerStatement again = _server.Prepare(a, 2, out _);
        ServerStatement second = _server.Evict(0)!;
        _server.Closed(first);
        again.Prepared();
        _server.NotClosed(second);
        Assert.Equal(1, _server.Count);
        Assert.True(_server.Use(a, 3));
    }

    [Fact]
    public void Evict_BothSkipped_StatementIsStillThereAndClosedBeforeItIsPrepared()
    {
        PreparedStatement a = Prepared("a");
        ServerStatement first = _server.Evict(0)!;
        ServerStatement again = _server.Prepare(a, 2, out _);
        _server.NotClosed(_server.Evict(0)!);
        _server.NotPrepared(again);
        _server.NotClosed(first);
        Assert.Equal(1, _server.Count);
        _server.Prepare(a, 3, out bool closeFirst);
        Assert.True(closeFirst);
    }

    [Fact]
    public void Clear_KeepsOnlyWhatWasSentSince()
    {
        PreparedStatement a = Prepared("a"), b = Statement("b");
        ServerStatement pending = _server.Prepare(b, 1, out _);
        _server.Clear();
        Assert.False(_server.Use(a, 1));
        pending.Prepared();
        Assert.True(_server.Use(b, 2));
        Assert.Equal(1, _server.Count);
    }

    [Fact]
    public void Release_GivesEveryReferenceBack()
    {
        _table.Release(Prepared("a"));
        _table.Release(Statement("b"));
        Assert.Equal(1, _table.Count);
        _server.Release();
        Assert.Equal((0, 0), (_table.Count, _server.Count));
    }

    private PreparedStatement Statement(string text) => _table.Take(System.Text.Encoding.ASCII.GetBytes(text), 1);

    private PreparedStatement Prepared(string text)
    {
        PreparedStatement statement = Statement(text);
        _server.Prepare(statement, 0, out _).Prepared();
        return statement;
    }

    private sealed class Marks : IUseMarks
    {
        public HashSet<int> Used { get; } = [];

        public bool TakeUsed(int number) => Used.Remove(number);
    }

    private static ulong[] Words(StatementBits bits) => ((ReadOnlySpan<ulong>)bits).ToArray();
}
