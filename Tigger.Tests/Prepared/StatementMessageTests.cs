using Tigger.Prepared;
using Tigger.Relay;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Prepared;

public sealed class StatementMessageTests
{
    public static TheoryData<byte[]> Naming => new()
    {
        Frontend.Parse("SELECT 1", "näme"), Frontend.Bind("näme", "portal", "x", null), Frontend.Bind("näme"),
        Frontend.DescribeStatement("näme"), Frontend.CloseStatement("näme"),
    };

    public static TheoryData<byte[]> NotNaming => new()
    {
        Frontend.Parse("SELECT 1"), Frontend.Bind("", "portal"), Frontend.DescribeStatement(), Frontend.DescribePortal("p"),
        Frontend.CloseStatement(""), Frontend.ClosePortal("p"), Frontend.Execute("p"), Frontend.Sync, Frontend.Query("SELECT 1"),
        new WireWriter().Message('D'), new WireWriter().Byte('S').Bytes("unended"u8).Message('D'), new WireWriter().Bytes("unended"u8).Message('P'),
        new WireWriter().Byte('S').Zero("name").Byte('x').Message('C'), new WireWriter().Zero("portal").Bytes("unended"u8).Message('B'),
    };

    [Theory]
    [MemberData(nameof(Naming))]
    public void Find_OfANamedStatement_WaitsForTheWholeNameAndNoLonger(byte[] message)
    {
        byte[] body = message[5..];
        int end = body.AsSpan().LastIndexOf("näme\0"u8) + "näme\0"u8.Length;
        for (int seen = 0; seen < end; seen++)
            Assert.Equal(NameSearch.Incomplete, StatementMessage.Find(message[0], body.AsSpan(0, seen), body.Length, out _));
        Assert.Equal(NameSearch.Found, StatementMessage.Find(message[0], body.AsSpan(0, end), body.Length, out Range name));
        Assert.Equal("näme"u8, body.AsSpan()[name]);
        Assert.Equal(NameSearch.Found, StatementMessage.Find(message[0], [.. body, 1, 2, 3], body.Length, out Range same));
        Assert.Equal(name, same);
    }

    [Theory]
    [MemberData(nameof(NotNaming))]
    public void Find_OfAnythingElse_IsNone(byte[] message) =>
        Assert.Equal(NameSearch.None, StatementMessage.Find(message[0], message.AsSpan(5), message.Length - 5, out _));

    [Fact]
    public void Write_EveryMessage_IsWhatAClientWouldSend()
    {
        PendingBytes output = new();
        byte[] bind = Frontend.Bind("x", "portal", "value");
        byte[] rest = bind[(5 + "portal\0x\0".Length)..];
        StatementMessage.WriteParse(output, "name"u8, "SELECT 1\0\0\0"u8);
        StatementMessage.WriteBindHead(output, "portal\0"u8, "name"u8, rest.Length);
        output.Append(rest);
        StatementMessage.WriteDescribe(output, "name"u8);
        StatementMessage.WriteClose(output, "name"u8);
        byte[] expected = Frontend.Concat(
            Frontend.Parse("SELECT 1", "name"), Frontend.Bind("name", "portal", "value"), Frontend.DescribeStatement("name"), Frontend.CloseStatement("name"));
        Assert.Equal(expected, output.Span);
    }
}
