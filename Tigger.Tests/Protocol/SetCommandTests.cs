using System.Text;
using Tigger.Protocol;

namespace Tigger.Tests.Protocol;

public sealed class SetCommandTests
{
    [Theory]
    [InlineData("SET work_mem = '1MB'", "work_mem")]
    [InlineData("  set\n Session\twork_mem TO 1;\0", "work_mem")]
    [InlineData("SET a.b=1\0", "a.b")]
    [InlineData("SET NAMES 'UTF8'", "client_encoding")]
    [InlineData("set time zone 'UTC'", "TimeZone")]
    [InlineData("SET ROLE alice", "ROLE")]
    [InlineData("SET LOCAL work_mem = '1MB'", "")]
    [InlineData("SET TRANSACTION READ ONLY", "")]
    public void Set_SaysWhatItSets(string sql, string parameter)
    {
        Assert.True(SetCommand.TryRead(Encoding.UTF8.GetBytes(sql), out var read));
        Assert.Equal(parameter, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SET")]
    [InlineData("SELECT 1")]
    [InlineData("SET CONSTRAINTS ALL DEFERRED")]
    [InlineData("SET LOCAL a = 1; SET b = 2")]
    [InlineData("/* */ SET LOCAL a = 1")]
    [InlineData("SETTLE LOCAL a")]
    public void AnythingElse_IsNotUnderstood(string sql) => Assert.False(SetCommand.TryRead(Encoding.UTF8.GetBytes(sql), out _));
}
