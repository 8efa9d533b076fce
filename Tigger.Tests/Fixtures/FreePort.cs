using System.Net;
using System.Net.Sockets;

namespace Tigger.Tests.Fixtures;

/// <summary>
/// Hands out ports nobody listens on, each only once per test run. Below those the kernel gives to outgoing connections, one of
/// which could have it before the server is there.
/// </summary>
internal static class FreePort
{
    private const int First = 12_000, AfterLast = 32_000;

    private static readonly HashSet<int> Given = [];

    /// <param name="network">Where it has to be free; null is ours.</param>
    internal static int Next(NetworkNamespace? network = null)
    {
        while (true)
        {
            var port = Random.Shared.Next(First, AfterLast);
            lock (Given)
            {
                if (!Given.Add(port))
                    continue;
            }

            if (network is null ? IsFree(port) : network.Run(() => IsFree(port)))
                return port;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Any, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
