namespace Tigger.Kernel;

/// <summary>What the running kernel's own description of its structs (BTF) tells of corrections that came with a new field.</summary>
public static class KernelTypes
{
    private const string File = "/sys/kernel/btf/vmlinux";

    /// <summary>
    /// Whether a socket that a verdict works on may read what was redirected to it, without losing its place in TCP's numbers:
    /// mainline commit b40cc5a, whose sister 929e30f93125 added this field to struct sk_psock.
    /// </summary>
    public static bool CountsRedirectedBytes { get; } = Names("msg_tot_len"u8);

    private static bool Names(ReadOnlySpan<byte> field)
    {
        try
        {
            return System.IO.File.ReadAllBytes(File).AsSpan().IndexOf(field) >= 0;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
