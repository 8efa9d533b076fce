using Tigger.Kernel.Calls;
using Tigger.Kernel.Slots;

namespace Tigger.Kernel;

/// <summary>
/// The slot of a server that is being connected. Ends in <see cref="Confirm"/>, after which the slot is the caller's until
/// <see cref="KernelPath.Forget"/>; or in <see cref="Cancel"/> or <see cref="Dispose"/>, which free it.
/// </summary>
public sealed class ServerSlotReservation : IDisposable
{
    private readonly KernelPath _path;
    private readonly AddressPair _pair;
    private bool _ended;

    internal ServerSlotReservation(KernelPath path, ServerKey server, in AddressPair pair)
    {
        _path = path;
        Server = server;
        _pair = pair;
    }

    public ServerKey Server { get; }

    /// <summary>
    /// Whether the backend's socket is in the kernel's hands. Certain only once a byte of the backend has arrived: our connect
    /// can end before the backend's end is established.
    /// </summary>
    public bool IsPresent => (_path.Slots.Server(Server.Slot).Flags & ServerSlotFlags.Present) != 0;

    /// <summary>The connection stands and the slot is the caller's, present or not. To be called when the backend has spoken.</summary>
    /// <returns><see cref="IsPresent"/>.</returns>
    public bool Confirm()
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        _ended = true;
        _path.ExpectNoMore(_pair);
        return IsPresent;
    }

    /// <summary>There is no connection: frees the slot, unless it was confirmed.</summary>
    public void Cancel()
    {
        if (_ended) return;
        _ended = true;
        _path.ExpectNoMore(_pair);
        _path.Forget(Server);
    }

    public void Dispose() => Cancel();
}
