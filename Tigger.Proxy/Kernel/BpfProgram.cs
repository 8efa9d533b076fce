using System.Runtime.InteropServices;
using Tigger.Kernel.Interop;

namespace Tigger.Kernel;

/// <summary>A program in the kernel. Valid as long as the <see cref="BpfObject"/> it was found in.</summary>
public sealed unsafe class BpfProgram
{
    private readonly nint _program;
    private readonly string _runCall;
    private readonly SafeHandle _owner;

    internal BpfProgram(string name, nint program, SafeHandle owner)
        : this(name, LibBpf.ProgramFd(program), owner) => _program = program;

    /// <summary>One that was loaded before this process became what it is; it can be run, not attached to a cgroup.</summary>
    internal BpfProgram(string name, int fd, SafeHandle owner)
    {
        Name = name;
        Fd = fd;
        _runCall = $"bpf_prog_test_run of {name}";
        _owner = owner;
    }

    public string Name { get; }

    /// <summary>The object's: not to be closed, not to be used after it.</summary>
    internal int Fd { get; }

    /// <summary>
    /// Makes the program that of a socket map, in place of one that was there. Sockets get it when they enter: those already
    /// inside keep what they have. Gone with the map.
    /// </summary>
    public void AttachTo(BpfMap map, BpfAttachType type)
    {
        using HandleUse use = new(_owner);
        BpfException.Check(LibBpf.AttachProgram(Fd, map.Fd, (int)type, 0), $"bpf_prog_attach of {Name} to {map.Name}");
    }

    /// <summary>Takes the program from a socket map. Sockets inside keep it.</summary>
    public void DetachFrom(BpfMap map, BpfAttachType type)
    {
        using HandleUse use = new(_owner);
        BpfException.Check(LibBpf.DetachProgram(Fd, map.Fd, (int)type), $"bpf_prog_detach2 of {Name} from {map.Name}");
    }

    /// <summary>Attaches a program of a cgroup (sock_ops) by a link, that is until the result is disposed or this process dies.</summary>
    internal BpfLinkHandle AttachTo(CgroupDirectory cgroup)
    {
        using HandleUse use = new(_owner);
        using LibBpfLog log = LibBpfLog.Collect();
        return BpfException.Check(LibBpf.AttachCgroup(_program, cgroup.Fd), $"bpf_program__attach_cgroup of {Name} to {cgroup.Path}", log);
    }

    /// <summary>
    /// Runs a SYSCALL program on the calling thread; allocates nothing. What it writes into its context is in <paramref name="context"/> afterwards.
    /// </summary>
    /// <returns>What the program returned.</returns>
    public int Run<T>(ref T context)
        where T : unmanaged
    {
        using HandleUse use = new(_owner);
        fixed (T* bytes = &context)
        {
            TestRunOptions options = new()
            {
                Size = (nuint)sizeof(TestRunOptions),
                ContextIn = bytes,
                ContextSizeIn = (uint)sizeof(T),
            };
            BpfException.Check(LibBpf.TestRun(Fd, &options), _runCall);
            return (int)options.ReturnValue;
        }
    }
}
