using System.Net;
using System.Net.Sockets;

namespace Tigger.Tests.Fixtures;

/// <summary>The TCP sockets of another process, for a look at their options.</summary>
internal static unsafe class OtherSockets
{
    private const long PidfdOpen = 434, PidfdGetDescriptor = 438;

    /// <summary>The values of these options, by socket: local and remote port (0: it listens).</summary>
    public static IReadOnlyList<(int Local, int Remote, int[] Values)> Options(int pid, params (int Level, int Name)[] options)
    {
        var found = new List<(int, int, int[])>();
        var process = (int)LibC.SystemCall(PidfdOpen, pid, 0, 0);
        Assert.True(process >= 0, "pidfd_open");
        foreach (var entry in Directory.GetFiles($"/proc/{pid}/fd"))
        {
            var number = int.Parse(Path.GetFileName(entry), System.Globalization.CultureInfo.InvariantCulture);
            var copy = (int)LibC.SystemCall(PidfdGetDescriptor, process, number, 0);
            if (copy < 0)
                continue;
            using var handle = new SafeSocketHandle(copy, ownsHandle: true);
            try
            {
                using var socket = new Socket(handle);
                if (socket is { AddressFamily: AddressFamily.InterNetwork, ProtocolType: ProtocolType.Tcp, LocalEndPoint: IPEndPoint local })
                    found.Add((local.Port, socket.Connected && socket.RemoteEndPoint is IPEndPoint remote ? remote.Port : 0, [.. options.Select(option => Get(copy, option))]));
            }
            catch (SocketException)
            {
                // No socket, or closed meanwhile.
            }
        }

        _ = LibC.Close(process);
        return found;
    }

    private static int Get(int descriptor, (int Level, int Name) option)
    {
        var value = 0;
        uint length = sizeof(int);
        Assert.Equal(0, LibC.GetSocketOption(descriptor, option.Level, option.Name, &value, &length));
        return value;
    }
}
