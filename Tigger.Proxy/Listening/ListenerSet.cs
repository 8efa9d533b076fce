using System.Net;
using Tigger.Config;
using Tigger.Handover;
using Tigger.Net;
using Tigger.Sessions;

namespace Tigger.Listening;

/// <summary>All listeners of the process: opened together or not at all.</summary>
public sealed class ListenerSet : IDisposable
{
    private const int DeferAcceptSeconds = 45;

    private readonly List<ClientListener> _listeners = [];
    private readonly List<IPEndPoint> _addresses;
    private readonly KernelPools? _kernel;

    private ListenerSet(KernelPools? kernel, IEnumerable<IPEndPoint> addresses) => (_kernel, _addresses) = (kernel, [.. addresses]);

    /// <summary>Where it listens, and by what.</summary>
    public IEnumerable<(ListenEndpoint Endpoint, int Descriptor)> All => [.. _listeners.Select(one => (one.Endpoint, one.Descriptor))];

    /// <param name="config">Where to listen.</param>
    /// <param name="inherited">
    /// Sockets from the service manager or the process before; with any of them the configuration's addresses do not count.
    /// </param>
    /// <param name="loops">Their loops.</param>
    /// <param name="services">For the logins.</param>
    /// <param name="kernel">The kernel path.</param>
    /// <exception cref="IOException">An address cannot be had, or there is none; names it.</exception>
    public static ListenerSet Open(
        TiggerConfig config, IReadOnlyList<(ListenEndpoint Endpoint, int Descriptor)> inherited, EventLoops loops,
        SessionServices services, KernelPools? kernel = null)
    {
        IReadOnlyList<(ListenEndpoint Endpoint, int Descriptor)> open = inherited.Count > 0 ? inherited : OpenConfigured(config);

        // Before anyone is accepted: a client's socket enters when it is established, or never.
        ListenerSet set = new(kernel, open.Select(one => one.Endpoint.Address).OfType<IPEndPoint>());
        set._addresses.ForEach(address => kernel?.Path.AddListener(address));
        set._listeners.AddRange(open.Select(one => new ClientListener(one.Endpoint, one.Descriptor, loops, services)));
        return set;
    }

    /// <summary>
    /// The process is about to end, when its clients or servers have gone. As in PgBouncer the Unix socket stays: peers bring
    /// cancel requests for the clients that are left, and an administrator can look.
    /// </summary>
    public void StopTcp()
    {
        _addresses.ForEach(address => _kernel?.Path.RemoveListener(address));
        _addresses.Clear();
        foreach (ClientListener listener in _listeners.Where(listener => !listener.Endpoint.IsUnix))
        {
            listener.Dispose();
        }

        _listeners.RemoveAll(listener => !listener.Endpoint.IsUnix);
    }

    /// <summary>What of a listening socket may change.</summary>
    internal void Apply(TiggerConfig config) => _listeners.ForEach(listener => listener.DeferAccept(DeferredSeconds(config)));

    private static int DeferredSeconds(TiggerConfig config) => config.TcpDeferAccept ? DeferAcceptSeconds : 0;

    /// <summary>Stops accepting; the sockets are the caller's, and connections wait in their queues.</summary>
    internal IReadOnlyList<(ListenEndpoint Endpoint, int Descriptor)> Release()
    {
        _addresses.ForEach(address => _kernel?.Path.RemoveListener(address));
        _addresses.Clear();
        List<(ListenEndpoint, int)> released = [.. _listeners.Select(listener => (listener.Endpoint, listener.Detach()))];
        _listeners.Clear();
        return released;
    }

    /// <summary>Who connects from now on is another process's client, if anyone's.</summary>
    public void Dispose()
    {
        _addresses.ForEach(address => _kernel?.Path.RemoveListener(address));
        _listeners.ForEach(listener => listener.Dispose());
    }

    private static List<(ListenEndpoint Endpoint, int Descriptor)> OpenConfigured(TiggerConfig config)
    {
        List<(ListenEndpoint Endpoint, int Descriptor)> open = [];
        try
        {
            foreach (ListenEndpoint endpoint in ListenEndpoint.From(config))
            {
                open.Add((endpoint, Open(endpoint, config)));
            }
        }
        catch
        {
            open.ForEach(one => SocketFactory.Close(one.Descriptor));
            throw;
        }

        return open.Count > 0 ? open : throw new IOException("nothing to listen on");
    }

    private static int Open(ListenEndpoint endpoint, TiggerConfig config)
    {
        try
        {
            if (endpoint.SocketFile is { } file && File.Exists(file))
            {
                // One left behind by a crash may be replaced.
                if (endpoint.IsInUse())
                {
                    throw new IOException("unix socket is in use, cannot continue");
                }

                File.Delete(file);
            }

            int descriptor = SocketFactory.Listen(
                endpoint.Address, config.ListenBacklog, config.SoReuseport, DeferredSeconds(config));
            if (endpoint.SocketFile is { } created)
            {
                SocketFile.SetGroup(created, config.UnixSocketGroup);
                File.SetUnixFileMode(created, (UnixFileMode)config.UnixSocketMode);
            }

            return descriptor;
        }
        catch (IOException fault)
        {
            throw new IOException($"cannot listen on {endpoint}: {fault.Message}", fault);
        }
    }
}
