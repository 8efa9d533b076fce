using System.Globalization;
using System.Text.RegularExpressions;

namespace Tigger.Tests.Fixtures;

/// <summary>What the queues of established TCP connections hold, by whose they are; the kernel charges it to the socket.</summary>
/// <param name="Pooler">Bytes in the pooler's own sockets.</param>
/// <param name="Clients">Received and not read by its clients, redirected bytes included.</param>
/// <param name="Servers">Sent by PostgreSQL and not acknowledged.</param>
public sealed partial record SocketMemory(long Pooler, long Clients, long Servers)
{
    /// <summary>All networks of a pooler's topology together.</summary>
    public static async Task<SocketMemory> ReadAsync(TiggerProcess pooler, int serverPort)
    {
        NetworkNamespace?[] networks = pooler.Topology.Pooler == pooler.Topology.Clients ? [pooler.Topology.Pooler] : [pooler.Topology.Pooler, pooler.Topology.Clients];
        if (!networks.Contains(null))
            networks = [.. networks, null];
        SocketMemory sum = new(0, 0, 0);
        foreach (var network in networks)
        {
            var listed = (await PgTools.RunProgramAsync("/bin/sh", ["-ec", "PATH=$PATH:/usr/sbin:/sbin; ss -H -O -t -m -n state established"], from: network)).Succeeded();
            foreach (var line in listed.Output.Split('\n'))
            {
                if (LinePattern().Match(line) is not { Success: true } found)
                    continue;
                var (local, remote, received, sent) = (Number(1), Number(2), Number(3), Number(4));
                if (local == pooler.Port || remote == serverPort)
                    sum = sum with { Pooler = sum.Pooler + received + sent };
                else if (remote == pooler.Port)
                    sum = sum with { Clients = sum.Clients + received };
                else if (local == serverPort)
                    sum = sum with { Servers = sum.Servers + sent };

                long Number(int group) => long.Parse(found.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
            }
        }

        return sum;
    }

    /// <summary>Queue lengths, both addresses with their ports, and of the memory r and w.</summary>
    [GeneratedRegex(@"^\d+\s+\d+\s+\S+:(\d+)\s+\S+:(\d+).*skmem:\(r(\d+),.*?,w(\d+),")]
    private static partial Regex LinePattern();
}
