using System.Net;
using System.Net.Sockets;
using Tigger.Kernel.Calls;

namespace Tigger.Kernel;

/// <summary>The probe's programs and maps in the kernel, as long as this lives.</summary>
internal sealed class ProbeObject : IDisposable
{
    public const string Resource = "probe.bpf.o";

    private static readonly BpfRequest Request = new()
    {
        Programs =
        [
            "probe_redirect", "probe_push", "probe_swallow", "probe_apply", "probe_inject", "probe_lock", "probe_lock_call",
            "probe_report", "probe_credit", "probe_arrival", "probe_arrived", "probe_establish",
        ],
        Maps = ["sockets", "arrivals", "ends", "pairs", "pools", "records"],
    };

    private readonly BpfObject _object = BpfObject.LoadEmbedded(Resource, Request);

    private BpfMap Sockets => _object.Map("sockets");

    /// <summary>The program that sockets get which enter from now on.</summary>
    public void Use(string program) => _object.Program(program).AttachTo(Sockets, BpfAttachType.SocketMessage);

    /// <summary>Enters a socket from user space.</summary>
    public void Enter(Socket socket, uint slot)
    {
        int fd = (int)socket.Handle;
        _object.Map("ends").Update(fd, new ProbeLayout.End { Slot = slot });
        Sockets.Update(slot, (ulong)fd);
    }

    /// <summary>From now on <c>probe_arrival</c> sees what arrives at a socket that has entered.</summary>
    public void SeeArrivals(Socket socket)
    {
        BpfMap arrivals = _object.Map("arrivals");
        _object.Program("probe_arrival").AttachTo(arrivals, BpfAttachType.SocketSegment);
        arrivals.Update(0u, (ulong)socket.Handle);
    }

    /// <summary>Takes a socket out. Bytes in its receive queue that came by redirection would be lost.</summary>
    public bool Leave(uint slot) => Sockets.Delete(slot);

    /// <summary>Has <c>sock_ops</c> enter the end of this address pair when its connection is established.</summary>
    public void Register(ulong netns, IPEndPoint local, IPEndPoint remote, uint slot) =>
        _object.Map("pairs").Update(new AddressPair(netns, local, remote), slot);

    /// <summary>Attaches <c>probe_establish</c>, until disposed.</summary>
    public IDisposable Watch(CgroupDirectory cgroup) => _object.Program("probe_establish").AttachTo(cgroup);

    /// <summary>What the programs noted about a socket; null when it never entered.</summary>
    public ProbeLayout.End? EndOf(Socket socket) =>
        _object.Map("ends").TryLookup((int)socket.Handle, out ProbeLayout.End end) ? end : null;

    /// <summary>The cookie of the socket in a slot, 0 when there is none.</summary>
    public ulong CookieIn(uint slot) => Sockets.TryLookup(slot, out ulong cookie) ? cookie : 0;

    public ProbeLayout.Pool Pool() => _object.Map("pools").TryLookup(0u, out ProbeLayout.Pool pool) ? pool : default;

    /// <summary>Visits the pool from user space, under its lock; returns the number of visits.</summary>
    public int VisitPool(ref ProbeLayout.Visit visit) => _object.Program("probe_lock_call").Run(ref visit);

    public RingBufferReader Records(RingBufferRecord receive) => new(_object.Map("records"), receive);

    public void Dispose() => _object.Dispose();
}
