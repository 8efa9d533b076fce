using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tigger.Telemetry;

namespace Tigger.Tests.Telemetry;

public sealed class LogLineTests
{
    private static readonly DateTimeOffset Time = new(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero);

    [Fact]
    public void Text_Entry_IsWhatPgBouncerWrites() => Assert.Equal(
        $"2026-03-04 05:06:07.089 UTC [{Environment.ProcessId}] WARNING C-1: é",
        LogLine.Text(new LogEntry(LogLevel.Warning, 2001, "C-1: é"), Time));

    [Fact]
    public void Json_EntryWithFieldsAndFault_IsOneObject()
    {
        KeyValuePair<string, object?>[] fields = [new("ClientId", 7L), new("Who", "a \"b\"\n\u0001"), new("Left", true), new("{OriginalFormat}", "x")];
        var line = LogLine.Json(new LogEntry(LogLevel.Error, 2001, "C-7: é", fields, new InvalidOperationException("why")), Time);
        Assert.DoesNotContain('\n', line);
        var root = JsonDocument.Parse(line).RootElement;
        Assert.Equal("2026-03-04T05:06:07.089Z", root.GetProperty("time").GetString());
        Assert.Equal(Environment.ProcessId, root.GetProperty("pid").GetInt32());
        Assert.Equal(("ERROR", 2001, "C-7: é"), (root.GetProperty("level").GetString(), root.GetProperty("event").GetInt32(), root.GetProperty("message").GetString()));
        var values = root.GetProperty("fields");
        Assert.Equal((7, "a \"b\"\n\u0001", true), (values.GetProperty("client_id").GetInt64(), values.GetProperty("who").GetString(), values.GetProperty("left").GetBoolean()));
        Assert.Equal(3, values.EnumerateObject().Count());
        Assert.Contains("why", root.GetProperty("fault").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8:1234", "socket:[1234]", true)]
    [InlineData("8:1234", "socket:[12345]", false)]
    [InlineData("8:1234", "/dev/pts/0", false)]
    [InlineData("8:1234", "pipe:[1234]", false)]
    [InlineData("8:1234", null, false)]
    [InlineData(null, "socket:[1234]", false)]
    public void IsItsStream_ByInode(string? variable, string? standardError, bool expected) =>
        Assert.Equal(expected, Journal.IsItsStream(variable, standardError));
}
