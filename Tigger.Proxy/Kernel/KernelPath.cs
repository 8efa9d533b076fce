using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Tigger.Kernel.Calls;
using Tigger.Kernel.Interop;
using Tigger.Kernel.Slots;

namespace Tigger.Kernel;

/// <summary>
/// The data path in the kernel, as long as this lives: programs, maps, and what C# asks of them. Any thread may call anything
/// but <see cref="Dispose"/>, which comes after the last call.
/// </summary>
public sealed partial class KernelPath : IDisposable
{
    private const string Resource = "tigger.bpf.o";

    /// <summary>Fewer would save nothing worth having.</summary>
    private const int LeastBlocks = 64;

    /// <summary>A tenth of a second of 50,000 short transactions a second, several times over.</summary>
    public const int DefaultCopyBytes = 4 * 1024 * 1024;

    private readonly BpfObject _object;
    private readonly ILogger _logger;
    private readonly ulong _netns;
    private readonly FreeNumbers _freePools = new(1, SlotLimits.Pools - 1);
    private readonly FreeNumbers _freeServers = new(1, SlotLimits.Servers - 1);
    private SlotTable? _slots;
    private SafeHandle? _attachment;
    private int _blocks;

    private KernelPath(BpfObject loaded, ulong netns, ILogger logger)
    {
        _object = loaded;
        _netns = netns;
        _logger = logger;
        _calls = new KernelCalls(loaded);
    }

    /// <summary>The slots as they are, without any call.</summary>
    public SlotTable Slots => _slots ?? throw new ObjectDisposedException(nameof(KernelPath));

    /// <summary>
    /// Why what arrives from PostgreSQL on another host cannot be the kernel's, as measured when the path was opened; null: it can.
    /// </summary>
    public string? NoArrivalsReason { get; private init; }

    private BpfMap Sockets => _object.Map("sockets");

    /// <summary>Loads the programs and attaches them to the whole visible cgroup tree, all or nothing.</summary>
    /// <param name="logger">Told about faults that nobody is there to catch.</param>
    /// <param name="maximumClients">How many clients the kernel may have at a time; at most 16383 get a slot.</param>
    /// <param name="copyBytes">Of copies for mirrors that are not read yet, at most, with up to twice as much around them; a power of two.</param>
    /// <exception cref="BpfException">It cannot be had here; the message ends with the verifier's last lines.</exception>
    public static KernelPath Open(ILogger logger, int maximumClients, int copyBytes = DefaultCopyBytes)
    {
        CgroupTree cgroups = CgroupTree.OfThisProcess() ?? throw new BpfException("no cgroup2 file system is mounted");
        int clients = Math.Clamp(maximumClients, 1, SlotLimits.Clients - 1);
        int blocks = Math.Clamp(clients, LeastBlocks, SlotLimits.Clients);
        ulong netns = SocketFacts.OwnNamespaceCookie();
        KernelPath path = new(BpfObject.LoadEmbedded(Resource, Request((uint)blocks, (uint)copyBytes)), netns, logger)
        {
            NoArrivalsReason = SelfTestRun.WhyNoArrivals(cgroups.MountPoint),
        };
        try
        {
            path.Start(clients, blocks, cgroups.MountPoint);
            return path;
        }
        catch
        {
            path.Dispose();
            throw;
        }
    }

    /// <summary>Goes on with what <see cref="Lend"/> told of, in the process that execve(2) made; needs no capability.</summary>
    /// <exception cref="BpfException">It is not what this version opens.</exception>
    public static KernelPath Adopt(LentPath lent, ILogger logger)
    {
        DescriptorsHandle owner = new(lent.Programs.Select(program => program.Fd).Concat(lent.Maps.Select(map => map.Fd)));
        KernelPath path = new(new BpfObject(lent.Programs, lent.Maps, owner), SocketFacts.OwnNamespaceCookie(), logger)
        {
            _attachment = new DescriptorsHandle([lent.Link]),
            NoArrivalsReason = lent.NoArrivalsReason,
        };
        path.MapSlots(lent.Blocks);
        return path;
    }

    /// <summary>The path by its descriptors, for a process that execve(2) makes of this one: this one must not go on with it.</summary>
    public LentPath Lend()
    {
        (IReadOnlyList<LentProgram> programs, IReadOnlyList<LentMap> maps) = _object.Lend();
        return new LentPath(LibBpf.LinkFd((BpfLinkHandle)_attachment!), _blocks, NoArrivalsReason, programs, maps);
    }

    /// <summary>Clients of an address that Tigger listens on enter from now on. Unix sockets stay outside: not to be passed.</summary>
    public void AddListener(IPEndPoint endpoint) => _object.Map("listeners").Update(new ListenerKey(_netns, endpoint), 1u);

    /// <summary>New clients of this address enter no more.</summary>
    public void RemoveListener(IPEndPoint endpoint) => _object.Map("listeners").Delete(new ListenerKey(_netns, endpoint));

    /// <summary>Starts a thread that calls <paramref name="handler"/> with every event, until the result is disposed.</summary>
    public KernelEvents Listen(Action<KernelEvent> handler) => new(_object.Map("events"), handler, _logger);

    /// <summary>
    /// Lets nobody enter any more. The programs go when the last socket inside is closed: one that is taken out before would
    /// lose what was redirected to it and it has not read yet.
    /// </summary>
    public void Dispose()
    {
        _attachment?.Dispose();
        _attachment = null;
        _slots?.Dispose();
        _slots = null;
        _mirrorSlots?.Dispose();
        _mirrorSlots = null;
        _object.Dispose();
    }

    private static BpfRequest Request(uint blocks, uint copyBytes) => new()
    {
        Programs = ["tigger_message", "tigger_segment", "tigger_answer", "tigger_sock_ops", "tigger_prepare", .. KernelCalls.Programs],
        Maps = ["sockets", "ends", "remotes", "remote_ends", "expected", "listeners", "names", "slots", "blocks", "statistics", "counters", "errors", "events",
            "copies", "copying", "mirror_sockets", "mirror_ends", "mirrors"],
        Entries = new Dictionary<string, uint> { ["blocks"] = blocks, ["free_blocks"] = blocks, ["copies"] = copyBytes },
    };

    private void MapSlots(int blocks)
    {
        _blocks = blocks;
        _slots = new SlotTable(_object.Map("slots"), _object.Map("blocks"), blocks);
        BpfMap mirrors = _object.Map("mirrors");
        _mirrorSlots = new MapMemory(mirrors, mirrors.ValueSize);
    }

    private void Start(int clients, int blocks, string cgroup)
    {
        MapSlots(blocks);

        // The programs count slot 0, which nobody gets.
        PrepareCall prepare = new() { Clients = (uint)clients + 1, Blocks = (uint)blocks };
        _object.Program("tigger_prepare").Run(ref prepare);
        _object.Program("tigger_message").AttachTo(Sockets, BpfAttachType.SocketMessage);
        _object.Program("tigger_segment").AttachTo(Remotes, BpfAttachType.SocketSegment);
        _object.Program("tigger_answer").AttachTo(MirrorSockets, BpfAttachType.SocketSegment);
        using CgroupDirectory directory = new(cgroup);
        _attachment = _object.Program("tigger_sock_ops").AttachTo(directory);
    }
}
