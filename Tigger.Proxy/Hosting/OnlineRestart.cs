using Microsoft.Extensions.Logging;
using Tigger.Config;
using Tigger.Listening;

namespace Tigger.Hosting;

/// <summary>
/// PgBouncer's -R takes the sockets of the running process over, which it finds by its Unix socket. That is not in this version;
/// where there is no such process, -R is an ordinary start, as in PgBouncer.
/// </summary>
internal static partial class OnlineRestart
{
    /// <exception cref="IOException">A process is running, or it could not be found.</exception>
    public static void Check(TiggerConfig config, ILogger logger)
    {
        LogDeprecated(logger);
        if (config.UnixSocketDir.Length == 0)
        {
            throw new IOException("cannot reboot if unix dir not configured");
        }

        if (ListenEndpoint.From(config with { ListenAddr = [] }).Any(endpoint => endpoint.IsInUse()))
        {
            throw new IOException("taking over from a running process (-R) is not in this version, use so_reuseport instead");
        }

        LogNotFound(logger);
    }

    [LoggerMessage(7013, LogLevel.Warning, "Online restart is deprecated, use so_reuseport instead")]
    private static partial void LogDeprecated(ILogger logger);

    [LoggerMessage(7014, LogLevel.Information, "old process not found, try to continue normally")]
    private static partial void LogNotFound(ILogger logger);
}
