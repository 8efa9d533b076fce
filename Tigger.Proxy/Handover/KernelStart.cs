using System.Numerics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tigger.Config;
using Tigger.Kernel;
using Tigger.Kernel.Interop;
using Tigger.Kernel.Slots;
using Tigger.Privileges;

namespace Tigger.Handover;

/// <summary>
/// Opens the kernel path at the start of the process, where the configuration wants it and the host allows it, and gives up
/// the capabilities that were needed for it.
/// </summary>
public static partial class KernelStart
{
    /// <summary>
    /// Where the process leaves a note to itself across execve(2): the descriptors of the kernel path, or a dash and the reason
    /// why there is none.
    /// </summary>
    private const string Variable = "TIGGER_KERNEL_PATH";

    /// <summary>Slots for connections that are not logged in, or are of the console.</summary>
    private const int SpareClients = 256;

    private static string? _note;

    /// <summary>
    /// To be called first, on the process's first thread, by a command that serves clients. With capabilities: opens the kernel
    /// path or finds out that there is none, and does not return, but executes the program again without them.
    /// </summary>
    /// <exception cref="BpfException">The configuration insists on it (<c>data_path: kernel</c>), and it cannot be had.</exception>
    /// <exception cref="IOException">The capabilities cannot be given up.</exception>
    public static void UsePrivileges(TiggerConfig config)
    {
        ReadNote();
        if (_note is not null || !ThreadCapabilities.OfThisThread().HasMoreThanKept)
        {
            return;
        }

        using KernelPath? path = TryOpen(config, NullLogger.Instance, out string reason);
        LentPath? lent = path?.Lend();
        UnprivilegedRestart.Execute((Variable, lent?.ToText() ?? $"-{reason}"), lent?.Descriptors ?? []);
    }

    /// <returns>Null when there is no kernel path. Either way <paramref name="reason"/> says why.</returns>
    /// <exception cref="BpfException">The configuration insists on it (<c>data_path: kernel</c>), and it cannot be had.</exception>
    public static KernelPools? TryStart(TiggerConfig config, ILogger logger, out string reason)
    {
        KernelPath? path;
        string? note = Interlocked.Exchange(ref _note, null);
        if (note is null)
        {
            path = TryOpen(config, logger, out reason);
        }
        else if (note.StartsWith('-'))
        {
            path = null;
            reason = note[1..];
        }
        else
        {
            path = KernelPath.Adopt(LentPath.Parse(note), logger);
            reason = ReasonFor(config);
        }

        if (path is not null)
        {
            return new KernelPools(path)
            {
                NoRemoteReason = WhyNoRemotes(config),
                NoRemoteServerReason = WhyNoRemotes(config) ?? WhyNoRemoteServers(config) ?? path.NoArrivalsReason,
                NoBothRemoteReason = config.KernelPath == KernelPathMode.Force ? null : "PostgreSQL is on another host, too",
            };
        }

        if (IsWanted(config))
        {
            LogNoKernel(logger, reason);
        }

        return null;
    }

    private static KernelPath? TryOpen(TiggerConfig config, ILogger logger, out string reason)
    {
        reason = "data_path = user";
        if (!IsWanted(config))
        {
            return null;
        }

        IReadOnlyList<string> missing = CapabilitySet.OfThisProcess().MissingForBpf;
        if (missing.Count > 0)
        {
            reason = $"this process lacks {string.Join(", ", missing)}";
        }
        else if (config.MaxClientConn > SlotLimits.Clients - SpareClients)
        {
            reason = $"max_client_conn is over {SlotLimits.Clients - SpareClients}";
        }
        else
        {
            try
            {
                KernelPath path = KernelPath.Open(logger, config.MaxClientConn + SpareClients, (int)BitOperations.RoundUpToPowerOf2((uint)config.KernelMirrorBuffer));
                reason = ReasonFor(config);
                return path;
            }
            catch (BpfException fault)
            {
                reason = fault.Summary;
            }
        }

        return config.DataPath == DataPathMode.Kernel
            ? throw new BpfException($"data_path = kernel, but it cannot be had: {reason}; `tigger doctor` says more")
            : null;
    }

    /// <summary>Out of the environment at once, and the descriptors out of the reach of children.</summary>
    private static void ReadNote()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } note)
        {
            return;
        }

        Environment.SetEnvironmentVariable(Variable, null);
        _note = note;
        if (!note.StartsWith('-'))
        {
            foreach (int descriptor in LentPath.Parse(note).Descriptors)
            {
                UnprivilegedRestart.KeepFromChildren(descriptor);
            }
        }
    }

    private static string ReasonFor(TiggerConfig config) => config.DataPath switch
    {
        DataPathMode.Kernel => "data_path = kernel",
        DataPathMode.User => "data_path of a database",
        _ => "data_path = auto, and this host can",
    };

    private static string? WhyNoRemotes(TiggerConfig config) =>
        config.KernelPath == KernelPathMode.Force || KernelVersion.OfThisMachine() is { HasSegmentFixes: true }
            ? null
            : $"Linux {KernelVersion.OfThisMachine()} may lose or double redirected segments";

    private static string? WhyNoRemoteServers(TiggerConfig config) =>
        config.KernelPath == KernelPathMode.Force || KernelTypes.CountsRedirectedBytes
            ? null
            : $"Linux {KernelVersion.OfThisMachine()} miscounts what is read after a redirection";

    private static bool IsWanted(TiggerConfig config) =>
        config.DataPath != DataPathMode.User
        || config.Databases.Values.Any(database => database.DataPath is not (null or DataPathMode.User));

    [LoggerMessage(7004, LogLevel.Warning, "no kernel data path: {Reason}; bytes are relayed in user space, `tigger doctor` says more")]
    private static partial void LogNoKernel(ILogger logger, string reason);
}
