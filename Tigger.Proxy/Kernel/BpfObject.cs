using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Tigger.Kernel.Interop;

namespace Tigger.Kernel;

/// <summary>
/// The programs and maps of one compiled BPF object, in the kernel as long as this lives. Loading is all or nothing: an object
/// that lacks something asked for, or that the verifier refuses, leaves nothing behind.
/// </summary>
public sealed class BpfObject : IDisposable
{
    private readonly SafeHandle _owner;
    private readonly Dictionary<string, BpfProgram> _programs = [];
    private readonly Dictionary<string, BpfMap> _maps = [];

    private BpfObject(SafeHandle owner) => _owner = owner;

    /// <summary>Takes over what <see cref="Lend"/> wrote down. The owner has the descriptors.</summary>
    internal BpfObject(IEnumerable<LentProgram> programs, IEnumerable<LentMap> maps, SafeHandle owner)
        : this(owner)
    {
        LibBpfLibrary.Require();
        foreach (LentProgram program in programs) _programs.Add(program.Name, new BpfProgram(program.Name, program.Fd, owner));
        foreach (LentMap map in maps) _maps.Add(map.Name, new BpfMap(map.Name, map.Fd, map.KeySize, map.ValueSize, owner));
    }

    /// <summary>Loads an object embedded in this assembly, such as <c>probe.bpf.o</c>.</summary>
    /// <exception cref="BpfException">It cannot be loaded; the message ends with the verifier's last lines.</exception>
    public static BpfObject LoadEmbedded(string resource, BpfRequest request)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
            ?? throw new BpfException($"{resource} is not in this executable");
        byte[] image = new byte[stream.Length];
        stream.ReadExactly(image);
        return Load(resource, image, request);
    }

    /// <param name="name">What libbpf calls the object in its messages.</param>
    /// <param name="image">The ELF file.</param>
    /// <param name="request">What the object must have.</param>
    /// <exception cref="BpfException">It cannot be loaded; the message ends with the verifier's last lines.</exception>
    public static BpfObject Load(string name, ReadOnlySpan<byte> image, BpfRequest request)
    {
        LibBpfLibrary.Require();
        using LibBpfLog log = LibBpfLog.Collect();
        BpfObjectHandle handle = Open(name, image, log);
        BpfObject opened = new(handle);
        try
        {
            Prepare(handle, name, request);
            BpfException.Check(LibBpf.LoadObject(handle), $"bpf_object__load of {name}", log);
            opened.FindAll(handle, name, request);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>A program that was asked for.</summary>
    public BpfProgram Program(string name) => _programs[name];

    /// <summary>A map that was asked for.</summary>
    public BpfMap Map(string name) => _maps[name];

    /// <summary>
    /// Takes the object out of the kernel, except what sockets hold: one that is in a socket map keeps its program, and with
    /// it the maps, until it is taken out or closed. Sockets of others must be taken out before.
    /// </summary>
    public void Dispose() => _owner.Dispose();

    /// <summary>The programs and maps that were asked for, by their descriptors.</summary>
    internal (IReadOnlyList<LentProgram> Programs, IReadOnlyList<LentMap> Maps) Lend() => (
        [.. _programs.Values.Select(program => new LentProgram(program.Name, program.Fd))],
        [.. _maps.Values.Select(map => new LentMap(map.Name, map.Fd, map.KeySize, map.ValueSize))]);

    private static unsafe BpfObjectHandle Open(string name, ReadOnlySpan<byte> image, LibBpfLog log)
    {
        fixed (byte* bytes = image)
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
        {
            ObjectOpenOptions options = new() { Size = (nuint)sizeof(ObjectOpenOptions), ObjectName = text };
            return BpfException.Check(LibBpf.OpenMemory(bytes, (nuint)image.Length, &options), $"bpf_object__open_mem of {name}", log);
        }
    }

    /// <summary>Sizes can be set between opening and loading only.</summary>
    private static void Prepare(BpfObjectHandle handle, string name, BpfRequest request)
    {
        foreach ((string map, uint entries) in request.Entries)
        {
            BpfException.Check(LibBpf.SetMaxEntries(FindMap(handle, name, map), entries), $"bpf_map__set_max_entries of {map} to {entries}");
        }
    }

    private void FindAll(BpfObjectHandle handle, string name, BpfRequest request)
    {
        foreach (string program in request.Programs)
        {
            nint found = LibBpf.FindProgram(handle, program);
            _programs.Add(program, found != 0 ? new BpfProgram(program, found, handle) : throw Missing(name, program));
        }

        foreach (string map in request.Maps)
        {
            _maps.Add(map, new BpfMap(map, FindMap(handle, name, map), handle));
        }
    }

    private static nint FindMap(BpfObjectHandle handle, string name, string map) =>
        LibBpf.FindMap(handle, map) is not 0 and var found ? found : throw Missing(name, map);

    private static BpfException Missing(string name, string wanted) => new($"{wanted} is not in {name}");
}
