using Tigger.Kernel.Interop;

namespace Tigger.Kernel;

/// <summary>A program in the kernel. Valid as long as the <see cref="BpfObject"/> it was found in.</summary>
public sealed unsafe class BpfProgram
{
    private readonly nint _program;
    private readonly string _runCall;
    private readonly BpfObjectHandle _owner;

    internal BpfProgram(string name, nint program, BpfObjectHandle owner)
    {
        Name = name;
        _program = program;
        _runCall = $"bpf_prog_test_run of {name}";
        _owner = owner;
    }

    public string Name { get; }

    /// <summary>
    /// Makes the program that of a socket map, in place of one that was there. Sockets get it when they enter: those already
    /// inside keep what they have. Gone with the map.
    /// </summary>
    public void AttachTo(BpfMap map, BpfAttachType type)
    {
        using HandleUse use = new(_owner);
        BpfException.Check(LibBpf.AttachProgram(LibBpf.ProgramFd(_program), map.Fd, (int)type, 0), $"bpf_prog_attach of {Name} to {map.Name}");
    }

    /// <summary>Takes the program from a socket map. Sockets inside keep it.</summary>
    public void DetachFrom(BpfMap map, BpfAttachType type)
    {
        using HandleUse use = new(_owner);
        BpfException.Check(LibBpf.DetachProgram(LibBpf.ProgramFd(_program), map.Fd, (int)type), $"bpf_prog_detach2 of {Name} from {map.Name}");
    }

    /// <summary>Attaches a program of a cgroup (sock_ops) by a link, that is until the result is disposed or this process dies.</summary>
    public IDisposable AttachTo(CgroupDirectory cgroup)
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
            BpfException.Check(LibBpf.TestRun(LibBpf.ProgramFd(_program), &options), _runCall);
            return (int)options.ReturnValue;
        }
    }
}
