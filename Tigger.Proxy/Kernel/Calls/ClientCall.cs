using System.Runtime.InteropServices;
using Tigger.Kernel.Slots;

namespace Tigger.Kernel.Calls;

/// <summary>struct tg_client_call. Which field counts in which call stands in tg_state.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ClientCall(ClientKey client)
{
    public uint Slot = client.Slot;
    public uint Generation = client.Generation;
    public CallResult Result;
    public uint Server;
    public uint ServerGeneration;
    public uint First;
    public uint Remote;
    public ulong Profile;
    public ClientSlotState State;
    public ClientSlotFlags Flags;
    public uint Block;
    public uint Answer;

    public readonly ServerKey ServerKey => new(Server, ServerGeneration);
}
