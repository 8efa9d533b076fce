using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Tigger.Telemetry;

/// <summary>
/// Sends log lines to the host's syslog in the form that syslog(3) uses (RFC 3164). A line is lost, not waited for, when nobody
/// listens or the listener is behind.
/// </summary>
/// <param name="ident">What lines begin with.</param>
/// <param name="facility">One of PgBouncer's names; see <see cref="Config.TiggerConfig.SyslogFacility"/>.</param>
/// <param name="path">The socket of the syslog.</param>
internal sealed class Syslog(string ident, string facility, string path = Syslog.DefaultPath) : IDisposable
{
    public const string DefaultPath = "/dev/log";

    private readonly int _facility = NumberOf(facility);
    private Socket? _socket;

    /// <summary>PgBouncer keeps its verbose lines out of syslog.</summary>
    public static bool Takes(LogLevel level) => level >= LogLevel.Information;

    public void Write(in LogEntry entry, DateTimeOffset time)
    {
        string line = string.Create(
            CultureInfo.InvariantCulture, $"<{(_facility << 3) | entry.Priority}>{time:MMM} {time.Day,2} {time:HH:mm:ss} {ident}[{Environment.ProcessId}]: {entry.FullText}");
        try
        {
            _socket ??= Connect();
            _socket.Send(Encoding.UTF8.GetBytes(line));
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.WouldBlock)
        {
            // Its queue is full.
        }
        catch (SocketException)
        {
            // The syslog is not there, or was started anew; the next line tries again.
            Dispose();
        }
    }

    public void Dispose() => Interlocked.Exchange(ref _socket, null)?.Dispose();

    private Socket Connect()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            socket.Blocking = false;
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // syslog.h
    private static int NumberOf(string facility) => facility switch
    {
        "user" => 1,
        "auth" => 4,
        "authpriv" => 10,
        _ when facility.StartsWith("local", StringComparison.Ordinal) => 16 + (facility[^1] - '0'),
        _ => 3,
    };
}
