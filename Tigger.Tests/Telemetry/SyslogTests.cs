using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Tigger.Telemetry;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Telemetry;

public sealed class SyslogTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private readonly TempDirectory _directory = new("syslog");

    private string Path => _directory.File("log");

    private Socket Listen()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 20_000 };
        socket.Bind(new UnixDomainSocketEndPoint(Path));
        return socket;
    }

    private static string Receive(Socket socket)
    {
        var buffer = new byte[1024];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }

    [Theory]
    [InlineData("daemon", LogLevel.Information, 3 * 8 + 6)]
    [InlineData("user", LogLevel.Warning, 1 * 8 + 4)]
    [InlineData("auth", LogLevel.Error, 4 * 8 + 3)]
    [InlineData("authpriv", LogLevel.Critical, 10 * 8 + 2)]
    [InlineData("local0", LogLevel.Information, 16 * 8 + 6)]
    [InlineData("local7", LogLevel.Information, 23 * 8 + 6)]
    public void Write_Line_HasPriorityTimeIdentAndProcess(string facility, LogLevel level, int priority)
    {
        using var listener = Listen();
        using var syslog = new Syslog("pooler", facility, Path);
        syslog.Write(new LogEntry(level, default, "é closing because: x"), Time);
        Assert.Equal($"<{priority}>Mar  4 05:06:07 pooler[{Environment.ProcessId}]: é closing because: x", Receive(listener));
    }

    [Fact]
    public void Write_NobodyThere_IsLostAndTriedAgain()
    {
        using var syslog = new Syslog("pooler", "daemon", Path);
        syslog.Write(new LogEntry(LogLevel.Information, default, "lost"), Time);
        using (var first = Listen())
        {
            syslog.Write(new LogEntry(LogLevel.Information, default, "one"), Time);
            Assert.EndsWith(": one", Receive(first), StringComparison.Ordinal);
        }

        File.Delete(Path);
        syslog.Write(new LogEntry(LogLevel.Information, default, "lost, too"), Time);
        using var second = Listen();
        syslog.Write(new LogEntry(LogLevel.Information, default, "two"), Time);
        Assert.EndsWith(": two", Receive(second), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ListenerBehind_DoesNotWait()
    {
        using var listener = Listen();
        using var syslog = new Syslog("pooler", "daemon", Path);
        for (var i = 0; i < 10_000; i++)
            syslog.Write(new LogEntry(LogLevel.Information, default, $"line {i}"), Time);
        Assert.EndsWith(": line 0", Receive(listener), StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();
}
