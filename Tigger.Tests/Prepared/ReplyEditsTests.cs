using System.Text;
using Tigger.Prepared;

namespace Tigger.Tests.Prepared;

public sealed class ReplyEditsTests
{
    [Fact]
    public void Apply_NothingNoted_LeavesTheDataAsItIs() => Assert.Equal("abcdef", Apply(new ReplyEdits(), "abcdef"));

    [Theory]
    [InlineData(0, 0, "abcdefghij")]
    [InlineData(0, 2, "cdefghij")]
    [InlineData(3, 6, "abcghij")]
    [InlineData(8, 10, "abcdefgh")]
    [InlineData(0, 10, "")]
    public void Apply_Swallow_TakesOutWhatWasNoted(int start, int end, string expected)
    {
        ReplyEdits edits = new();
        edits.Add(ReplyAction.Swallow, start, end);
        Assert.Equal(expected, Apply(edits, "abcdefghij"));
        Assert.Equal("abc", Apply(edits, "abc"));
    }

    [Fact]
    public void Apply_SeveralEdits_InOrder()
    {
        ReplyEdits edits = new();
        edits.Add(ReplyAction.TurnIntoParseComplete, 0, 2);
        edits.Add(ReplyAction.Swallow, 2, 4);
        edits.Add(ReplyAction.Forward, 4, 5);
        edits.Add(ReplyAction.Swallow, 5, 6);
        edits.Add(ReplyAction.TurnIntoParseComplete, 6, 9);
        Assert.Equal("1be1hij", Apply(edits, "abcdefghij"));
    }

    private static string Apply(ReplyEdits edits, string text)
    {
        byte[] data = Encoding.ASCII.GetBytes(text);
        return Encoding.ASCII.GetString(data, 0, edits.Apply(data));
    }
}
