using System.Runtime.InteropServices;

namespace Tigger.Kernel.Slots;

/// <summary>struct pg_frame: where in its stream of messages a server is. All zero is between two messages.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct FramePosition
{
    /// <summary>Body bytes still to come.</summary>
    public readonly uint Remaining;

    /// <summary>Declared body length, bytes.</summary>
    public readonly uint BodyLength;

    /// <summary>The length bytes seen while the header is cut.</summary>
    public readonly uint PartialLength;

    /// <summary>Largest length field; 0: any.</summary>
    public readonly uint MaxLength;

    /// <summary>0 between two messages, 1 to 4 in a header, 5 in a body.</summary>
    public readonly byte HeaderBytes;

    public readonly byte Type;

    /// <summary>Valid at the end of a body that is not empty.</summary>
    public readonly byte FirstBodyByte;

    /// <summary>Not 0 after a length that no PostgreSQL sends.</summary>
    public readonly byte Invalid;
}
