using Tigger.Config;
using Tigger.Kernel.Slots;
using Tigger.Pooling;
using Tigger.Protocol;

namespace Tigger.Sessions;

/// <summary>Looking at a client while the kernel has it: for the console, the janitor and cancel requests.</summary>
public sealed partial class ClientSession
{
    /// <summary>The limit that is over, by what stands in the slot; without a call only a reason to look again after one.</summary>
    private SessionEndReason? OverdueInKernel(EffectiveSettings limits, long now)
    {
        ref readonly ClientSlot slot = ref KernelSlot;
        long queryStart = (long)slot.QueryStart;
        long requestedAt = Math.Max(RequestedAt, (long)slot.RequestedAt);
        switch (slot.State)
        {
            case ClientSlotState.Waiting or ClientSlotState.UserWaiting:
                long since = (long)slot.WaitingSince;
                return Pool.Registry.IsShuttingDown ? SessionEndReason.ServersShuttingDown
                    : IsOver(OfServer.QueryTimeout, since, now) ? SessionEndReason.QueryTimeoutInQueue
                    : IsOver(limits.QueryWaitTimeout, since, now) ? SessionEndReason.QueryWaitTimeout
                    : null;
            case ClientSlotState.Linked when queryStart != 0:
                return IsOver(OfServer.QueryTimeout, queryStart, now) ? SessionEndReason.QueryTimeout
                    : IsTransactionOver(slot, now) ? SessionEndReason.TransactionTimeout
                    : null;
            case ClientSlotState.Linked:
                bool inTransaction = _kernel!.Path.Slots.Server(slot.Server).Status != TransactionStatus.Idle;
                return IsTransactionOver(slot, now) ? SessionEndReason.TransactionTimeout
                    : inTransaction && IsOver(OfServer.IdleTransactionTimeout, requestedAt, now) ? SessionEndReason.IdleTransactionTimeout
                    : !inTransaction && IsOver(limits.ClientIdleTimeout, requestedAt, now) ? SessionEndReason.ClientIdleTimeout
                    : null;
            case ClientSlotState.Idle:
                return IsOver(limits.ClientIdleTimeout, requestedAt, now) ? SessionEndReason.ClientIdleTimeout : null;
            default:
                return null;
        }
    }

    private bool IsTransactionOver(in ClientSlot slot, long now) =>
        IsOver(OfServer.TransactionTimeout, (long)slot.TransactionStart, now);

    /// <summary>
    /// The janitor's look: a client that has waited for long is told so, which only user space can; and a record of the ring
    /// buffer that was lost is made up for. No lock is held.
    /// </summary>
    private void LookAtKernel(long now)
    {
        ref readonly ClientSlot slot = ref KernelSlot;
        bool isWaiting = slot.State == ClientSlotState.Waiting;
        if ((isWaiting && IsOver(Pool.Settings.Global.QueryWaitNotify, (long)slot.WaitingSince, now))
            || ClosesFast(_kernel!.ServerOf(slot)))
        {
            LeaveKernel();
        }
        else if (slot.State == ClientSlotState.User)
        {
            Socket.Defer();
        }
        else if ((slot.Flags & ClientSlotFlags.ToSend) != 0)
        {
            SendWaiting();
        }
    }

    /// <summary>The lock is held, which keeps the slot this client's; what is in it changes all the same.</summary>
    private SessionSnapshot SnapshotInKernel()
    {
        ref readonly ClientSlot slot = ref KernelSlot;
        bool isWaiting = slot.State is ClientSlotState.Waiting or ClientSlotState.UserWaiting;

        // One that was waiting a moment ago is shown so, even if it has a server by now.
        ServerConnection? server = isWaiting ? null : _kernel!.ShownServerOf(slot);
        bool isHeld = isWaiting || (slot.Flags & ClientSlotFlags.ToSend) != 0;
        return new SessionSnapshot
        {
            State = isWaiting ? SessionState.Waiting : server is null ? SessionState.Idle : SessionState.Active,
            Server = server,
            Counters = _counters,
            BusySince = isWaiting ? (long)slot.WaitingSince : server is null ? 0 : (long)slot.QueryStart,
            Held = isHeld ? (int)slot.RequestLength : 0,
            Owed = 0,
        };
    }

    /// <summary>
    /// False: the client waits, or is changing hands, and has to be taken back first. True with null: there is nothing to
    /// cancel. The lock is held.
    /// </summary>
    private bool BeginCancelInKernel(out ServerConnection? server)
    {
        ref readonly ClientSlot slot = ref KernelSlot;
        server = null;
        switch (slot.State)
        {
            case ClientSlotState.Idle:
                return true;
            case ClientSlotState.Linked when slot.Owed == 0 && slot.Open == 0:
                return true;
            case ClientSlotState.Linked when _kernel!.ServerOf(slot) is { } linked:
                server = linked.TryBeginCancelInKernel(Slot) ? linked : null;
                return true;
            default:
                return false;
        }
    }
}
