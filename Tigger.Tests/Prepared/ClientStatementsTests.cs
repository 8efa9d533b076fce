using Tigger.Prepared;

namespace Tigger.Tests.Prepared;

public sealed class ClientStatementsTests
{
    private readonly StatementTable _table = new();
    private readonly ServerStatements _server;
    private readonly ClientStatements _client;

    public ClientStatementsTests()
    {
        _server = new ServerStatements(_table);
        _client = new ClientStatements(_table);
    }

    [Fact]
    public void Name_SameTextTwice_IsOneStatement()
    {
        Assert.Same(Parse("a"u8, "text"u8), Parse("b"u8, "text"u8));
        Assert.NotSame(_client.Find("a"u8), Parse("c"u8, "other"u8));
        Assert.Equal((3, 2), (_client.Count, _table.Count));
    }

    /// <summary>Two processes count their statements in other orders: what was put in by one must not be read as the other's.</summary>
    [Fact]
    public void Find_NamesPutInByTheProcessBefore_MeansWhatTheyMeantThere()
    {
        ClientStatements before = Numbered(new StatementTable(), ("a", "first"), ("b", "second"), ("c", "third"));
        ClientStatements after = Numbered(new StatementTable(), ("c", "third"), ("b", "second"), ("a", "first"));
        byte[] put = before.Find("a"u8)!.ServerName;
        Assert.Same(after.Find("c"u8), after.Find(put));
        after.ComesWith(before.PutIn);
        Assert.Same(after.Find("a"u8), after.Find(put));
        Assert.Equal(before.PutIn, after.PutIn);

        ClientStatements third = Numbered(new StatementTable(), ("b", "second"), ("a", "first"), ("c", "third"));
        third.ComesWith(after.PutIn);
        Assert.Same(third.Find("a"u8), third.Find(put));
        third.Closed("a"u8);
        Assert.Null(third.Find(put));

        static ClientStatements Numbered(StatementTable table, params (string Name, string Text)[] statements)
        {
            table.UseNumbers();
            var client = new ClientStatements(table);
            foreach (var (name, text) in statements)
                client.Name(System.Text.Encoding.ASCII.GetBytes(name), System.Text.Encoding.ASCII.GetBytes(text), out _);
            return client;
        }
    }

    [Fact]
    public void Answered_EachKind_TellsWhatTheClientGets()
    {
        PreparedStatement statement = Parse("a"u8, "text"u8);
        _client.Parsed(statement, "b"u8.ToArray(), null);
        _client.ClosedAhead(statement);
        _client.ParsedAhead(_server.Prepare(statement, 0, out _));
        _client.Evicted(_server.Evict(0)!);
        _client.Used(statement);
        _client.Closed("a"u8);
        _client.Closed("unknown"u8);
        ReplyAction[] expected =
        [
            ReplyAction.Forward, ReplyAction.TurnIntoParseComplete, ReplyAction.Swallow, ReplyAction.Swallow, ReplyAction.Swallow,
            ReplyAction.Forward, ReplyAction.Forward, ReplyAction.Forward,
        ];
        Assert.Equal(expected, expected.Select(_ => _client.Answered(_server)).ToArray());
        Assert.False(_client.HasOutstanding);
        Assert.Equal((0, 0), (_client.Count, _server.Count));
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void Skipped_ChangesOfOneName_AreTakenBackLastFirst()
    {
        PreparedStatement first = Parse("a"u8, "first"u8);
        _client.Answered(_server);
        _client.Closed("a"u8);
        PreparedStatement second = Parse("a"u8, "second"u8);
        _client.Closed("a"u8);
        Assert.Null(_client.Find("a"u8));
        Assert.Same(first, _client.Skipped(3, _server));
        Assert.Same(first, _client.Find("a"u8));
        Assert.False(_server.Use(second, 1));
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public void Skipped_NameTakenAgainSince_StaysTheNewOnes()
    {
        Parse("a"u8, "first"u8);
        _client.Closed("a"u8);
        PreparedStatement second = Parse("a"u8, "second"u8);
        _client.Skipped(2, _server);
        Assert.Same(second, _client.Find("a"u8));
        _client.Answered(_server);
        Assert.Same(second, _client.Find("a"u8));
    }

    [Fact]
    public void Clear_KeepsOnlyWhatWasSentSince()
    {
        Parse("a"u8, "first"u8);
        _client.Answered(_server);
        PreparedStatement second = Parse("b"u8, "second"u8);
        _client.Clear();
        Assert.Null(_client.Find("a"u8));
        Assert.Same(second, _client.Find("b"u8));
    }

    [Fact]
    public void HasRoomFor_CountsWhatIsPrepared()
    {
        const int Nearly = ClientStatements.MaximumBytes - 1000;
        Assert.True(_client.HasRoomFor(Nearly));
        Parse("a"u8, new byte[900]);
        Assert.False(_client.HasRoomFor(Nearly));
        _client.Closed("a"u8);
        Assert.True(_client.HasRoomFor(Nearly));
    }

    [Fact]
    public void Release_WithChangesOutstanding_GivesEveryReferenceBack()
    {
        Parse("a"u8, "first"u8);
        Parse("b"u8, "second"u8);
        _client.Closed("a"u8);
        _server.Release();
        _client.Release();
        Assert.Equal((0, 0), (_table.Count, _client.Count));
    }

    [Fact]
    public void Tell_EachChange_OnceAndOnlyOfNumberedStatements()
    {
        Names names = new();
        Parse("unnumbered"u8, "text"u8);
        _table.UseNumbers();
        PreparedStatement first = Parse("a"u8, "first"u8);
        _client.Tell(names);
        _client.Tell(names);
        Assert.Equal(["+a"], names.Told);
        Assert.Same(first, _client.Find(first.ServerName));

        _client.Closed("a"u8);
        Assert.Null(_client.Find(first.ServerName));
        Parse("a"u8, "second"u8);
        _client.Tell(names);
        Assert.Equal(["+a", "-a", "+a"], names.Told);
        _client.Untell(names);
        Assert.Equal("-a", names.Told[^1]);
    }

    [Fact]
    public void Tell_ANameLikeThoseAtServers_TakesAllBack()
    {
        Names names = new();
        _table.UseNumbers();
        PreparedStatement first = Parse("a"u8, "first"u8);
        _client.Tell(names);
        PreparedStatement imitation = Parse(first.ServerName, "second"u8);
        _client.Tell(names);
        Assert.Equal(["+a", "-a"], names.Told);
        Assert.Same(imitation, _client.Find(first.ServerName));
    }

    /// <summary>As a session does it for a server that lacks the statement.</summary>
    private PreparedStatement Parse(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        PreparedStatement statement = _client.Name(name, text, out byte[] kept);
        _client.Parsed(statement, kept, _server.Prepare(statement, 0, out _));
        return statement;
    }

    private sealed class Names : INameSink
    {
        public List<string> Told { get; } = [];

        public bool TryAdd(ReadOnlySpan<byte> name, PreparedStatement statement)
        {
            Told.Add("+" + System.Text.Encoding.ASCII.GetString(name));
            return true;
        }

        public void Remove(ReadOnlySpan<byte> name) => Told.Add("-" + System.Text.Encoding.ASCII.GetString(name));
    }
}
