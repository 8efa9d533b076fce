using System.Globalization;
using Microsoft.Extensions.Logging;
using Tigger.Config;

namespace Tigger.Hosting;

/// <summary>Says at start how many descriptors the kernel allows, and warns when the settings need more.</summary>
internal static partial class DescriptorLimit
{
    // Loops, listeners, log, runtime.
    private const int OwnUse = 64;

    public static void Check(TiggerConfig config, ILogger logger)
    {
        string? line = File.ReadLines("/proc/self/limits").FirstOrDefault(text => text.StartsWith("Max open files", StringComparison.Ordinal));
        string[] fields = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (fields.Length < 5 || !long.TryParse(fields[3], CultureInfo.InvariantCulture, out long limit))
        {
            return;
        }

        long needed = OwnUse + config.MaxClientConn
            + (Math.Max(1, config.Databases.Count) * (long)Math.Max(config.DefaultPoolSize, 1));
        LogLimit(logger, limit, fields[4], config.MaxClientConn, needed);
        if (needed > limit)
        {
            LogTooLow(logger, limit, needed);
        }
    }

    [LoggerMessage(7010, LogLevel.Information,
        "kernel file descriptor limit: {Limit} (hard: {Hard}); max_client_conn: {Clients}, max expected fd use: {Needed}")]
    private static partial void LogLimit(ILogger logger, long limit, string hard, int clients, long needed);

    [LoggerMessage(7011, LogLevel.Warning,
        "the limit of {Limit} file descriptors is too low for the {Needed} these settings may need; raise LimitNOFILE or lower max_client_conn")]
    private static partial void LogTooLow(ILogger logger, long limit, long needed);
}
