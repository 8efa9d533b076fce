using System.Runtime.InteropServices;
using Tigger.Kernel.Slots;

namespace Tigger.Kernel.Calls;

/// <summary>struct tg_server_call. Which field counts in which call stands in tg_state.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ServerCall(ServerKey server)
{
    public uint Slot = server.Slot;
    public uint Generation = server.Generation;
    public CallResult Result;
    public uint Client;
    public uint ClientGeneration;
    public ServerSlotState State;
    public ulong Profile;
    public uint Remote;
    public uint OnlyIdle;

    public readonly ClientKey ClientKey => new(Client, ClientGeneration);
}
