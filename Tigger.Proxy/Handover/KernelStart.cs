using Microsoft.Extensions.Logging;
using Tigger.Config;
using Tigger.Kernel;
using Tigger.Kernel.Interop;
using Tigger.Kernel.Slots;

namespace Tigger.Handover;

/// <summary>Opens the kernel path at the start of the process, where the configuration wants it and the host allows it.</summary>
public static partial class KernelStart
{
    /// <summary>Slots for connections that are not logged in, or are of the console.</summary>
    private const int SpareClients = 256;

    /// <returns>Null when there is no kernel path, for the reason in <paramref name="reason"/>.</returns>
    /// <exception cref="BpfException">The configuration insists on it (<c>data_path: kernel</c>), and it cannot be had.</exception>
    public static KernelPools? TryOpen(TiggerConfig config, ILogger logger, out string reason)
    {
        reason = "data_path = user";
        if (!IsWanted(config))
        {
            return null;
        }

        bool isDemanded = config.DataPath == DataPathMode.Kernel;
        reason = $"max_client_conn is over {SlotLimits.Clients - SpareClients}";
        try
        {
            if (config.MaxClientConn <= SlotLimits.Clients - SpareClients)
            {
                return new KernelPools(KernelPath.Open(logger, config.MaxClientConn + SpareClients));
            }
        }
        catch (BpfException fault) when (!isDemanded)
        {
            reason = fault.Message;
        }

        if (isDemanded)
        {
            throw new BpfException(reason);
        }

        LogNoKernel(logger, reason);
        return null;
    }

    private static bool IsWanted(TiggerConfig config) =>
        config.DataPath != DataPathMode.User
        || config.Databases.Values.Any(database => database.DataPath is not (null or DataPathMode.User));

    [LoggerMessage(7004, LogLevel.Warning, "no kernel data path: {Reason}; bytes are relayed in user space, `tigger doctor` says more")]
    private static partial void LogNoKernel(ILogger logger, string reason);
}
