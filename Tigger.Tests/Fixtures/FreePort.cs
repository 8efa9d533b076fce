using System.Net;
using System.Net.Sockets;

namespace Tigger.Tests.Fixtures;

/// <summary>Hands out loopback ports nobody listens on, each only once per test run.</summary>
internal static class FreePort
{
    private static readonly HashSet<int> Given = [];

    internal static int Next()
    {
        while (true)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var port = ((IPEndPoint)probe.LocalEndpoint).Port;
            lock (Given)
            {
                if (Given.Add(port))
                    return port;
            }
        }
    }
}
