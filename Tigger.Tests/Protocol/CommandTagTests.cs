using System.Text;
using Tigger.Protocol;

namespace Tigger.Tests.Protocol;

/// <summary>Rows by command tag.</summary>
public sealed class CommandTagTests
{
    [Theory]
    [InlineData("SELECT 5\0", 5)]
    [InlineData("INSERT 0 17\0", 17)]
    [InlineData("COPY 9223372036854775807\0", long.MaxValue)]
    [InlineData("BEGIN\0", 0)]
    [InlineData("CREATE TABLE\0", 0)]
    [InlineData("\0", 0)]
    [InlineData("", 0)]
    public void Rows_IsTheNumberAtTheEnd(string body, long rows) => Assert.Equal(rows, CommandTag.Rows(Encoding.ASCII.GetBytes(body)));
}
