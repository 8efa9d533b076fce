using System.Collections.Frozen;

namespace Tigger.Admin.Show;

/// <summary>All SHOW commands by name.</summary>
public static class ShowCommands
{
    private static readonly FrozenDictionary<string, IShowCommand> ByName = new IShowCommand[]
    {
        new ShowActiveSockets(), new ShowClients(), new ShowConfig(), new ShowCounters(), new ShowDatabases(), new ShowDnsHosts(),
        new ShowDnsZones(), new ShowFds(), new ShowKernel(), new ShowKernelTimes(), new ShowLists(), new ShowMem(),
        new ShowMirrorErrors(), new ShowMirrors(), new ShowPeerPools(),
        new ShowPeers(), new ShowPools(), new ShowServers(),
        new ShowSockets(), new ShowState(), new ShowStats(), new ShowStatsAverages(), new ShowStatsTotals(), new ShowTimes(), new ShowTotals(),
        new ShowUsers(), new ShowVersion(),
    }.ToFrozenDictionary(command => command.Name, StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<IShowCommand> All => ByName.Values;

    /// <summary>In any case of letters; null when there is no such command.</summary>
    public static IShowCommand? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Whether SHOW knows the name: of a command, of the help, or of a parameter drivers ask for.</summary>
    public static bool Exists(string name) =>
        Find(name) is not null || HelpText.IsName(name) || FakeParameters.Contains(name);

    public static bool NeedsAdmin(string name) => Find(name) is { NeedsAdmin: true };
}
