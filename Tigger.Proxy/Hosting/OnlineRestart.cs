using Microsoft.Extensions.Logging;
using Tigger.Config;
using Tigger.Net;
using Tigger.Takeover;

namespace Tigger.Hosting;

/// <summary>
/// PgBouncer's -R: takes the sockets of the running process over, which is found by its Unix socket. Where there is no such
/// process it is an ordinary start.
/// </summary>
internal static partial class OnlineRestart
{
    /// <returns>Null: there is none.</returns>
    /// <exception cref="IOException">It cannot be looked for, or does not let us in.</exception>
    public static async Task<OldProcess?> FindAsync(TiggerConfig config, EventLoops loops, ILogger logger)
    {
        LogDeprecated(logger);
        OldProcess? old = await OldProcess.FindAsync(config, loops, logger);
        if (old is null)
        {
            LogNotFound(logger);
        }

        return old;
    }

    [LoggerMessage(7013, LogLevel.Warning, "Online restart is deprecated, use so_reuseport instead")]
    private static partial void LogDeprecated(ILogger logger);

    [LoggerMessage(7014, LogLevel.Information, "old process not found, try to continue normally")]
    private static partial void LogNotFound(ILogger logger);
}
