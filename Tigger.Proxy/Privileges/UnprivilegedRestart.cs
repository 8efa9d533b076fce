using System.Collections;
using System.Runtime.InteropServices;
using System.Text;

namespace Tigger.Privileges;

/// <summary>
/// Gives capabilities up for the whole process. capset(2) and prctl(2) are about the calling thread, and the runtime has threads
/// of its own before Main, which nobody outside of it can reach soundly. execve(2) ends all threads but its caller, and every
/// thread after it descends from that one: so the process drops on its first thread and executes itself. It stays the same
/// process, with the descriptors it lets through.
/// </summary>
internal static unsafe class UnprivilegedRestart
{
    private const int DropFromBoundingSet = 24, SetNoNewPrivileges = 38;
    private const int SetDescriptorFlags = 2, CloseOnExec = 1;

    /// <summary>_LINUX_CAPABILITY_VERSION_3: sets of 64 bits.</summary>
    private const uint Version3 = 0x20080522;

    /// <summary>More than the kernel has; it refuses those it does not know.</summary>
    private const int MostCapabilities = 64;

    /// <summary>Does not return: the process begins anew with one variable more in its environment.</summary>
    /// <param name="variable">Name and value.</param>
    /// <param name="descriptors">Those that stay open, beside standard input and output.</param>
    /// <exception cref="IOException">The kernel refused; capabilities may be lost already.</exception>
    public static void Execute((string Name, string Value) variable, IEnumerable<int> descriptors)
    {
        // Another thread would take the first one's place without what belongs to a thread, such as its parent-death signal.
        if (LibC.ThreadId() != Environment.ProcessId)
        {
            throw new InvalidOperationException("not on the process's first thread");
        }

        Drop();
        foreach (int descriptor in descriptors)
        {
            Check(LibC.ControlDescriptor(descriptor, SetDescriptorFlags, 0), "fcntl");
        }

        string[] arguments = File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Split('\0');
        string[] environment =
        [
            .. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => $"{entry.Key}={entry.Value}"),
            $"{variable.Name}={variable.Value}",
        ];
        string program = File.ResolveLinkTarget("/proc/self/exe", returnFinalTarget: false)!.FullName;
        RemoveRuntimeFiles();
        fixed (byte* path = Encoding.UTF8.GetBytes(program + '\0'))
        {
            Check(LibC.Execute(path, Strings(arguments), Strings(environment)), $"execve of {program}");
        }
    }

    /// <summary>A descriptor that came through is not for the programs this process starts.</summary>
    public static void KeepFromChildren(int descriptor) =>
        Check(LibC.ControlDescriptor(descriptor, SetDescriptorFlags, CloseOnExec), "fcntl");

    /// <summary>
    /// The runtime's sockets and pipes for debuggers. Their names are made of process id and start time, which stay: the new
    /// runtime could not make them again, and nobody would remove them in the end.
    /// </summary>
    public static void RemoveRuntimeFiles()
    {
        foreach (string kind in (ReadOnlySpan<string>)["dotnet-diagnostic", "clr-debug-pipe"])
        {
            foreach (string file in Directory.EnumerateFiles(Path.GetTempPath(), $"{kind}-{Environment.ProcessId}-*"))
            {
                File.Delete(file);
            }
        }
    }

    private static void Drop()
    {
        ThreadCapabilities now = ThreadCapabilities.OfThisThread();

        // Nothing executed from here on gains anything by the executable's capabilities or owner, or by being root.
        Check(LibC.Control(SetNoNewPrivileges, 1, 0, 0, 0), "prctl(PR_SET_NO_NEW_PRIVS)");
        for (int capability = 0; capability < MostCapabilities; capability++)
        {
            if ((ThreadCapabilities.Kept >> capability & 1) == 0)
            {
                // Needs CAP_SETPCAP, which only root usually has; the line above does the same for what is executed.
                _ = LibC.Control(DropFromBoundingSet, (nuint)capability, 0, 0, 0);
            }
        }

        uint* header = stackalloc uint[] { Version3, 0 };
        uint* data = stackalloc uint[6];
        ulong* sets = stackalloc ulong[] { now.Effective, now.Permitted, now.Inheritable };
        for (int i = 0; i < 3; i++)
        {
            data[i] = (uint)(sets[i] & ThreadCapabilities.Kept);
            data[i + 3] = (uint)((sets[i] & ThreadCapabilities.Kept) >> 32);
        }

        // Ambient capabilities are lost with the permitted ones.
        Check(LibC.SetCapabilities(header, data), "capset");
    }

    /// <summary>Never freed: the process ends, or begins anew.</summary>
    private static byte** Strings(string[] texts)
    {
        byte** strings = (byte**)NativeMemory.AllocZeroed((nuint)texts.Length + 1, (nuint)sizeof(byte*));
        for (int i = 0; i < texts.Length; i++)
        {
            strings[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
        }

        return strings;
    }

    private static void Check(int result, string call)
    {
        if (result < 0)
        {
            throw new IOException($"capabilities cannot be given up: {call}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }
}
