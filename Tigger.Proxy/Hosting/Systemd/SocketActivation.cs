using System.Globalization;
using System.Net;
using Tigger.Listening;
using Tigger.Net;

namespace Tigger.Hosting.Systemd;

/// <summary>
/// Listening sockets from the service manager: sd_listen_fds(3). They are open before the process starts and stay so when it ends,
/// so that clients wait in between instead of being refused.
/// </summary>
internal static class SocketActivation
{
    private const int FirstDescriptor = 3;

    /// <summary>The sockets passed to this process; none is the usual case. To be called once: the environment is cleared of them.</summary>
    /// <exception cref="IOException">One is not a stream socket that listens.</exception>
    public static IReadOnlyList<(ListenEndpoint Endpoint, int Descriptor)> TakeSockets()
    {
        string? owner = Take("LISTEN_PID");
        string? count = Take("LISTEN_FDS");
        _ = Take("LISTEN_FDNAMES");
        if (owner != Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return [];
        }

        List<(ListenEndpoint, int)> sockets = [];
        for (int descriptor = FirstDescriptor; descriptor < FirstDescriptor + number; descriptor++)
        {
            EndPoint address = SocketFactory.Adopt(descriptor);
            sockets.Add((new ListenEndpoint(address) { IsInherited = true }, descriptor));
        }

        return sockets;
    }

    private static string? Take(string name)
    {
        string? value = Environment.GetEnvironmentVariable(name);
        Environment.SetEnvironmentVariable(name, null);
        return value;
    }
}
