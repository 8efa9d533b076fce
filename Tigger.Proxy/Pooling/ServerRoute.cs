using System.Net;
using Tigger.Handover;
using Tigger.Kernel;
using Tigger.Kernel.Calls;
using Tigger.Net;
using Tigger.Protocol;
using Tigger.Tls;

namespace Tigger.Pooling;

/// <summary>An open connection to PostgreSQL before its login, and the slot that expects it.</summary>
/// <param name="Stream">Its messages.</param>
/// <param name="Address">Where it goes.</param>
/// <param name="Host">The same as configured.</param>
/// <param name="Kernel">Whose slot it is; null: the pool is not on the kernel path.</param>
/// <param name="Slot">Null: there was none left, or the connection could not be expected.</param>
internal sealed record ServerRoute(
    MessageStream Stream, EndPoint Address, string Host, KernelPools? Kernel, ServerSlotReservation? Slot)
{
    /// <summary>Null: the connection is not encrypted.</summary>
    internal ServerEncryption? Encryption { get; init; }

    internal void GiveSlotTo(ServerConnection server)
    {
        if (Kernel is null)
        {
            return;
        }

        bool isPresent = Slot?.Confirm() ?? false;
        ServerKey key = Slot?.Server ?? Kernel.Path.ReserveServer(server.Pool.KernelNumber);
        if (key.IsNone)
        {
            throw new ServerLoginException(new ErrorFields("FATAL", SqlStates.ConnectionFailure, "no slot of the kernel path is free"));
        }

        server.TakeSlot(Kernel, key, isPresent);
    }

    internal void Close()
    {
        Slot?.Cancel();
        Stream.Connection.Transport.Close();
    }
}
