using System.Runtime.InteropServices;

namespace Tigger.Kernel.Interop;

/// <summary>
/// libbpf, as far as it goes in version 1.1 (Debian 12). Functions that return int return 0 or more on success and -errno
/// on failure; those that return a pointer return null and set errno (libbpf 1.0, "libbpf: the road to v1.0").
/// Strings that libbpf returns are its own and are never freed here.
/// </summary>
internal static unsafe partial class LibBpf
{
    /// <summary>The name with the version of the binary interface: the one without belongs to the development package.</summary>
    public const string Library = "libbpf.so.1";

    [LibraryImport(Library, EntryPoint = "libbpf_version_string")]
    public static partial byte* VersionString();

    /// <summary>Sets the process-wide receiver of messages: level, printf format, va_list. Returns the one before.</summary>
    [LibraryImport(Library, EntryPoint = "libbpf_set_print")]
    public static partial nint SetPrint(delegate* unmanaged<int, byte*, byte*, int> print);

    [LibraryImport(Library, EntryPoint = "bpf_object__open_mem", SetLastError = true)]
    public static partial BpfObjectHandle OpenMemory(byte* image, nuint size, ObjectOpenOptions* options);

    [LibraryImport(Library, EntryPoint = "bpf_object__load")]
    public static partial int LoadObject(BpfObjectHandle handle);

    [LibraryImport(Library, EntryPoint = "bpf_object__close")]
    public static partial void CloseObject(nint handle);

    /// <summary>The program belongs to the object and ends with it.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_object__find_program_by_name", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint FindProgram(BpfObjectHandle handle, string name);

    /// <summary>The map belongs to the object and ends with it.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_object__find_map_by_name", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint FindMap(BpfObjectHandle handle, string name);

    [LibraryImport(Library, EntryPoint = "bpf_program__fd")]
    public static partial int ProgramFd(nint program);

    [LibraryImport(Library, EntryPoint = "bpf_program__attach_cgroup", SetLastError = true)]
    public static partial BpfLinkHandle AttachCgroup(nint program, int cgroupFd);

    [LibraryImport(Library, EntryPoint = "bpf_link__fd")]
    public static partial int LinkFd(BpfLinkHandle link);

    [LibraryImport(Library, EntryPoint = "bpf_link__destroy")]
    public static partial int DestroyLink(nint link);

    [LibraryImport(Library, EntryPoint = "bpf_prog_attach")]
    public static partial int AttachProgram(int programFd, int targetFd, int attachType, uint flags);

    [LibraryImport(Library, EntryPoint = "bpf_prog_detach2")]
    public static partial int DetachProgram(int programFd, int targetFd, int attachType);

    /// <summary>Without room for ids it counts.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_prog_query")]
    public static partial int QueryPrograms(int targetFd, int attachType, uint flags, uint* attachFlags, uint* ids, uint* count);

    [LibraryImport(Library, EntryPoint = "bpf_prog_test_run_opts")]
    public static partial int TestRun(int programFd, TestRunOptions* options);

    [LibraryImport(Library, EntryPoint = "bpf_map__fd")]
    public static partial int MapFd(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__key_size")]
    public static partial uint MapKeySize(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__value_size")]
    public static partial uint MapValueSize(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__set_max_entries")]
    public static partial int SetMaxEntries(nint map, uint entries);

    [LibraryImport(Library, EntryPoint = "bpf_map_update_elem")]
    public static partial int UpdateElement(int mapFd, void* key, void* value, ulong flags);

    [LibraryImport(Library, EntryPoint = "bpf_map_lookup_elem")]
    public static partial int LookupElement(int mapFd, void* key, void* value);

    [LibraryImport(Library, EntryPoint = "bpf_map_delete_elem")]
    public static partial int DeleteElement(int mapFd, void* key);

    /// <summary>The key after <paramref name="key"/>, or the first for null; -ENOENT at the end.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_map_get_next_key")]
    public static partial int NextKey(int mapFd, void* key, void* next);

    /// <summary>How many values a per-CPU map has for a key.</summary>
    [LibraryImport(Library, EntryPoint = "libbpf_num_possible_cpus")]
    public static partial int PossibleCpus();

    [LibraryImport(Library, EntryPoint = "ring_buffer__new", SetLastError = true)]
    public static partial RingBufferHandle NewRingBuffer(
        int mapFd, delegate* unmanaged<nint, byte*, nuint, int> receive, nint context, nint options);

    [LibraryImport(Library, EntryPoint = "ring_buffer__poll")]
    public static partial int PollRingBuffer(RingBufferHandle ring, int timeoutMilliseconds);

    [LibraryImport(Library, EntryPoint = "ring_buffer__consume")]
    public static partial int ConsumeRingBuffer(RingBufferHandle ring);

    [LibraryImport(Library, EntryPoint = "ring_buffer__epoll_fd")]
    public static partial int RingBufferEpollFd(RingBufferHandle ring);

    [LibraryImport(Library, EntryPoint = "ring_buffer__free")]
    public static partial void FreeRingBuffer(nint ring);
}
