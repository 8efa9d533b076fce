using System.Runtime.InteropServices;
using Tigger.Net;

namespace Tigger.Takeover;

/// <summary>
/// A Unix socket between two processes that carries descriptors beside its bytes (unix(7), SCM_RIGHTS). One reader, one writer.
/// </summary>
internal sealed unsafe partial class DescriptorTransport(LoopSocket socket) : RelayTransport
{
    /// <summary>Most descriptors in one message; the kernel's SCM_MAX_FD is 253.</summary>
    public const int Most = 128;

    private const int LevelSocket = 1;
    private const int Rights = 1;
    private const int CloseOnExec = 0x40000000;

    private readonly PlainTransport _plain = new(socket);
    private int[] _attached = [];

    /// <summary>What has come, in the order in which it was sent; whoever takes one closes it.</summary>
    public Queue<int> Received { get; } = new();

    /// <summary>These go with the first byte of the next send.</summary>
    public void Attach(int[] descriptors) => _attached = descriptors;

    public override int Receive(Span<byte> buffer)
    {
        byte* control = stackalloc byte[ControlLength(Most)];
        fixed (byte* start = buffer)
        {
            Piece piece = new() { Start = start, Length = (nuint)buffer.Length };
            Header header = new() { Pieces = &piece, PieceCount = 1, Control = control, ControlLength = (nuint)ControlLength(Most) };
            nint count = ReceiveMessage(socket.Descriptor, &header, CloseOnExec);
            if (count < 0)
            {
                return -Marshal.GetLastPInvokeError();
            }

            if (header.ControlLength > (nuint)sizeof(ControlHeader) && *(ControlHeader*)control is { Level: LevelSocket, Type: Rights } rights)
            {
                int* descriptors = (int*)(control + sizeof(ControlHeader));
                for (int i = 0; i < ((int)rights.Length - sizeof(ControlHeader)) / sizeof(int); i++)
                {
                    Received.Enqueue(descriptors[i]);
                }
            }

            return (int)count;
        }
    }

    public override int Send(ReadOnlySpan<byte> data)
    {
        if (_attached.Length == 0)
        {
            return _plain.Send(data);
        }

        byte* control = stackalloc byte[ControlLength(Most)];
        *(ControlHeader*)control = new ControlHeader
        {
            Length = (nuint)(sizeof(ControlHeader) + (_attached.Length * sizeof(int))),
            Level = LevelSocket,
            Type = Rights,
        };
        _attached.CopyTo(new Span<int>(control + sizeof(ControlHeader), Most));
        fixed (byte* start = data)
        {
            Piece piece = new() { Start = start, Length = (nuint)data.Length };
            Header header = new()
            {
                Pieces = &piece,
                PieceCount = 1,
                Control = control,
                ControlLength = (nuint)ControlLength(_attached.Length),
            };
            nint count = SendMessage(socket.Descriptor, &header, LinuxConstants.MessageNoSignal);
            if (count < 0)
            {
                return -Marshal.GetLastPInvokeError();
            }

            _attached = [];
            return (int)count;
        }
    }

    public override void ShutdownWrite() => _plain.ShutdownWrite();

    /// <summary>Closes what nobody took, too.</summary>
    public override void Close()
    {
        while (Received.TryDequeue(out int descriptor))
        {
            SocketFactory.Close(descriptor);
        }

        _plain.Close();
    }

    /// <summary>CMSG_SPACE: multiples of eight.</summary>
    private static int ControlLength(int descriptors) => sizeof(ControlHeader) + (((descriptors * sizeof(int)) + 7) & ~7);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMessage(int socket, Header* message, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint ReceiveMessage(int socket, Header* message, int flags);

    /// <summary>struct iovec.</summary>
    private struct Piece
    {
        public byte* Start;
        public nuint Length;
    }

    /// <summary>struct msghdr.</summary>
    private struct Header
    {
        public byte* Name;
        public uint NameLength;
        public Piece* Pieces;
        public nuint PieceCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>struct cmsghdr; what it is about follows.</summary>
    private struct ControlHeader
    {
        public nuint Length;
        public int Level;
        public int Type;
    }
}
