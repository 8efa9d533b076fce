using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Tigger.Hosting.Systemd;

/// <summary>
/// Tells the service manager what the process does: sd_notify(3), a datagram to the socket that <c>NOTIFY_SOCKET</c> names. Without
/// one, nothing is told.
/// </summary>
internal sealed partial class ServiceManager : IDisposable
{
    /// <summary>A manager that does not read must not hold up a reload for ever.</summary>
    private const int PatienceMilliseconds = 5000;

    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _address;
    private readonly ILogger _logger;
    private volatile bool _isFollowed;

    /// <param name="address">A path, or an abstract socket's name behind an @; null or empty: nobody listens.</param>
    public ServiceManager(string? address, ILogger logger)
    {
        _logger = logger;
        if (!string.IsNullOrEmpty(address))
        {
            _address = new UnixDomainSocketEndPoint(address.StartsWith('@') ? "\0" + address[1..] : address);
            _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { SendTimeout = PatienceMilliseconds };
        }
    }

    public static ServiceManager OfThisProcess(ILogger logger) => new(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), logger);

    /// <summary>It serves, for the first time or again after a reload.</summary>
    public void Ready() => Notify($"READY=1\nMAINPID={Environment.ProcessId}");

    /// <summary>It reads its configuration again; <see cref="Ready"/> follows.</summary>
    public void Reloading()
    {
        // The clock of Stopwatch is CLOCK_MONOTONIC, which is the one that is asked for.
        long microseconds = (long)(Stopwatch.GetTimestamp() * (1_000_000.0 / Stopwatch.Frequency));
        Notify(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={microseconds}"));
    }

    /// <summary>It has begun to end.</summary>
    public void Stopping() => Notify("STOPPING=1");

    /// <summary>It is alive.</summary>
    public void Alive() => Notify("WATCHDOG=1");

    /// <summary>Another process is the service from now on; what this one does means nothing any more.</summary>
    public void FollowedBy(int process)
    {
        Notify($"MAINPID={process}");
        _isFollowed = true;
    }

    public void Dispose() => _socket?.Dispose();

    private void Notify(string state)
    {
        if (_socket is null || _isFollowed)
        {
            return;
        }

        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(state), _address!);
        }
        catch (SocketException fault)
        {
            // Whoever serves clients goes on; the manager acts by its own time limits.
            LogNotTold(_logger, state.Split('\n')[0], fault.Message);
        }
    }

    [LoggerMessage(7030, LogLevel.Warning, "service manager not told {State}: {Reason}")]
    private static partial void LogNotTold(ILogger logger, string state, string reason);
}
