using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Tigger.Kernel.Interop;

/// <summary>
/// Collects what libbpf says while it works for the current thread: above all the verifier's log. libbpf has one receiver
/// per process and calls it on the thread that called libbpf; without a collector on that thread nothing is kept or printed.
/// </summary>
internal sealed unsafe class LibBpfLog : IDisposable
{
    /// <summary>Levels above (debug) are not even formatted.</summary>
    private const int InfoLevel = 1;

    /// <summary>
    /// A va_list passed on is a pointer to a struct on both architectures .NET 10 runs on with Linux: 24 bytes on x86-64,
    /// 32 on arm64. It can be walked once only, and a copy of the struct is another walk.
    /// </summary>
    private const int ArgumentListBytes = 32;

    private const int ShortMessageBytes = 512;

    /// <summary>Only the end of a log says what went wrong; more than this is not kept, in characters.</summary>
    private const int KeptCharacters = 64 * 1024;

    [ThreadStatic]
    private static LibBpfLog? _current;

    private readonly StringBuilder _text = new();

    private LibBpfLog()
    {
    }

    /// <summary>Installs the receiver. Once per process, before anything that may fail.</summary>
    public static void Install() => _ = LibBpf.SetPrint(&Receive);

    /// <summary>Collects on this thread until disposed.</summary>
    public static LibBpfLog Collect() => _current = new LibBpfLog();

    /// <summary>The last lines, without empty ones.</summary>
    public IReadOnlyList<string> Tail(int lines)
    {
        string[] all = _text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return all.Length <= lines ? all : all[^lines..];
    }

    public void Dispose() => _current = null;

    [UnmanagedCallersOnly]
    private static int Receive(int level, byte* format, byte* arguments)
    {
        // An exception must not reach native frames. Out of memory is the only one left here, and costs a log line.
        try
        {
            if (level <= InfoLevel) _current?.Append(format, arguments);
        }
        catch (OutOfMemoryException)
        {
        }

        return 0;
    }

    private void Append(byte* format, byte* arguments)
    {
        byte* copy = stackalloc byte[ArgumentListBytes];
        Unsafe.CopyBlockUnaligned(copy, arguments, ArgumentListBytes);
        byte* brief = stackalloc byte[ShortMessageBytes];
        int length = LibC.FormatList(brief, ShortMessageBytes, format, copy);
        if (length < ShortMessageBytes)
        {
            Keep(new ReadOnlySpan<byte>(brief, Math.Max(0, length)));
            return;
        }

        byte* whole = (byte*)NativeMemory.Alloc((nuint)length + 1);
        try
        {
            _ = LibC.FormatList(whole, (nuint)length + 1, format, arguments);
            Keep(new ReadOnlySpan<byte>(whole, length));
        }
        finally
        {
            NativeMemory.Free(whole);
        }
    }

    private void Keep(ReadOnlySpan<byte> message)
    {
        _text.Append(Encoding.UTF8.GetString(message[Math.Max(0, message.Length - KeptCharacters)..]));
        if (_text.Length > KeptCharacters) _text.Remove(0, _text.Length - KeptCharacters);
    }
}
