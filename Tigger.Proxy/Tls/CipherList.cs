using System.Net.Security;
using System.Runtime.InteropServices;

namespace Tigger.Tls;

/// <summary>What a list of ciphers in OpenSSL's syntax stands for, as OpenSSL itself reads it.</summary>
internal static class CipherList
{
    /// <summary>The ciphers up to TLS 1.2 that are meant, in OpenSSL's order. Null: none, or OpenSSL is not there to ask.</summary>
    public static IReadOnlyList<TlsCipherSuite>? Expand(string list) =>
        Ask(context => LibSsl.SetTls13Ciphers(context, "") == 1 && LibSsl.SetCiphers(context, list) == 1);

    /// <summary>The same of a list of TLS 1.3's.</summary>
    public static IReadOnlyList<TlsCipherSuite>? Expand13(string list) =>
        Ask(context => LibSsl.SetTls13Ciphers(context, list) == 1)?.Where(cipher => ((ushort)cipher & 0xff00) == 0x1300).ToList() is { Count: > 0 } found
            ? found
            : null;

    /// <summary>OpenSSL's names of all ciphers it has; empty when it is not there to ask.</summary>
    public static IReadOnlyDictionary<TlsCipherSuite, string> Names()
    {
        Dictionary<TlsCipherSuite, string> names = [];
        Ask(context => LibSsl.SetCiphers(context, "ALL:COMPLEMENTOFALL:@SECLEVEL=0") == 1, (cipher, name) => names[cipher] = name);
        return names;
    }

    /// <summary>A curve or group that OpenSSL knows.</summary>
    public static bool IsCurve(string name)
    {
        try
        {
            return LibSsl.NumberOfObject(name) != 0;
        }
        catch (DllNotFoundException)
        {
            return false;
        }
    }

    private static List<TlsCipherSuite>? Ask(Func<nint, bool> configure, Action<TlsCipherSuite, string>? each = null)
    {
        nint context;
        try
        {
            context = LibSsl.NewContext(LibSsl.Method());
        }
        catch (DllNotFoundException)
        {
            return null;
        }

        try
        {
            return configure(context) ? Read(LibSsl.Ciphers(context), each) : null;
        }
        finally
        {
            // What was wrong with the list must not be taken for an error of the next call on this thread.
            LibSsl.ClearErrors();
            LibSsl.FreeContext(context);
        }
    }

    private static List<TlsCipherSuite> Read(nint stack, Action<TlsCipherSuite, string>? each)
    {
        List<TlsCipherSuite> found = [];
        for (int i = 0; i < LibSsl.Count(stack); i++)
        {
            nint cipher = LibSsl.Item(stack, i);
            found.Add((TlsCipherSuite)LibSsl.Number(cipher));
            each?.Invoke(found[^1], Marshal.PtrToStringUTF8(LibSsl.Name(cipher))!);
        }

        return found;
    }
}
