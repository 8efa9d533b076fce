using Tigger.Handover;
using Tigger.Kernel.Calls;
using Tigger.Kernel.Slots;
using Tigger.Net;
using Tigger.Pooling;
using Tigger.Protocol;

namespace Tigger.Sessions;

/// <summary>
/// Giving the client to the kernel when nothing is under way, and taking it back, with its server if it has one, when
/// something needs user space. While the kernel has it nothing is written to its socket: redirected bytes are read first.
/// </summary>
public sealed partial class ClientSession
{
    private KernelPools? _kernel;

    // Its own socket is in the kernel's hands, too; otherwise it has a slot only to wait in the same queue.
    private bool _isLocal;

    // Its last request was put in the server's queue by the server itself: what follows may go once the server has spoken.
    private bool _awaitsReply;

    internal ClientKey Slot { get; private set; }

    /// <summary>Number of what a server must have to be this client's.</summary>
    internal ulong LendingProfile =>
        Pool.Mode == Config.PoolMode.Session ? Parameters.NumberWith(Login.Startup.OthersText) : Parameters.Number;

    private bool IsInKernel => _state == SessionState.Kernel;

    private ref readonly ClientSlot KernelSlot => ref _kernel!.Path.Slots.Client(Slot.Slot);

    /// <summary>Takes a slot if this is a pool of the kernel path. False: there is none. The lock is held.</summary>
    private bool TakeSlot()
    {
        if (Pool.Kernel is not { } kernel)
        {
            return true;
        }

        // An encrypted client only gets a slot to wait in the same queue: its bytes mean nothing to the programs.
        // A socket that is in the map of the process before cannot enter ours.
        bool isPlain = _transport is PlainTransport && !Login.IsMoved;
        ClaimResult claimed = isPlain && Login is { Local: { } local, Remote: { } remote }
            ? kernel.Path.Claim(local, remote, Pool.KernelNumber)
            : new ClaimResult(CallResult.Missing, default);
        _isLocal = claimed.Result == CallResult.Done;
        if (!_isLocal)
        {
            claimed = kernel.Path.ClaimAny(Pool.KernelNumber);
        }

        if (claimed.Result != CallResult.Done)
        {
            return false;
        }

        _kernel = kernel;
        _isRemote = !_isLocal && Pool.NoRemoteClientReason is null && Login.Remote is not null && isPlain;
        Slot = claimed.Client;
        if (_isLocal)
        {
            kernel.Watch(Socket, Slot);
        }

        kernel.Add(this);
        return true;
    }

    /// <summary>Gives the client to the kernel if this is a quiet moment. No lock is held.</summary>
    private void HandToKernel()
    {
        if (!(_isLocal || _isRemote) || _state is not (SessionState.Idle or SessionState.Active))
        {
            return;
        }

        lock (Sync)
        {
            if (MayEnter && _freed is null && _server is not { Readable: true })
            {
                HandToKernel(answer: 0);
            }
        }
    }

    /// <summary>
    /// The same before the answer to the client's last request is sent, so that the next is the kernel's however soon it comes. The
    /// server is the client's no more then, but for session pooling. The lock is held.
    /// </summary>
    /// <param name="server">The server that has answered.</param>
    /// <param name="length">Bytes of the answer that are left to send; they must be sent next.</param>
    private void ReturnBeforeTheAnswer(ServerConnection server, int length)
    {
        if (length == 0 || !MayEnter || _repeats || !_ledger.IsQuiet || ClosesFast(server))
        {
            return;
        }

        UnlinkIfDone();
        if (_freed is { } freed && Pool.TryMakeIdle(freed))
        {
            // Else the client's next request might wait for the one server that it need not wait for.
            _freed = null;
        }

        HandToKernel(length);
    }

    /// <summary>The kernel works with the client, and it is quiet.</summary>
    private bool MayEnter => IsInMap && IsAtRest && Pool.MayUseKernel && !Table.IsDraining && !Table.IsMoving;

    private void HandToKernel(int answer)
    {
        if (_state == SessionState.Idle)
        {
            TellNames();
            bool copied = OpenKernelTap();
            EnterKernel(_kernel!.Path.Arm(Slot, LendingProfile, place: Place, copied: copied, answer: answer));
        }
        else if (_state == SessionState.Active)
        {
            HandBothToKernel(_server!, answer);
        }
    }

    /// <summary>Nothing has been read that is not forwarded, nothing is left to read or to send.</summary>
    private bool IsAtRest =>
        _held.IsEmpty && _out.IsEmpty && !_readable && !_hungUp && !_edgesUnknown
        && !_discarding && _framer.AtBoundary && !Table.IsSuspended;

    /// <summary>Session pooling: the server stays with the client.</summary>
    private void HandBothToKernel(ServerConnection server, int answer)
    {
        if (Pool.Mode != Config.PoolMode.Session || !_ledger.IsQuiet || !server.IsAtRest || server.Status != TransactionStatus.Idle)
        {
            return;
        }

        bool copied = OpenKernelTap();
        CallResult armed = _kernel!.Path.Arm(Slot, server.KernelProfile, server.Slot, Place, copied, answer);
        if (armed == CallResult.Done)
        {
            server.GoToKernel();
            _server = null;
        }

        EnterKernel(armed);
    }

    /// <summary>What the socket did not take is sent from user space, where an event tells when.</summary>
    private void FinishTheAnswer()
    {
        if (!_out.IsEmpty)
        {
            TakeBack();
        }
    }

    private void EnterKernel(CallResult armed)
    {
        if (armed != CallResult.Done)
        {
            CloseKernelTap(isInside: false, isKept: false);
            return;
        }

        _state = SessionState.Kernel;
        if (_isRemote)
        {
            LeaveItToThePrograms();
        }
    }

    /// <summary>An event while the kernel has the client. True: it is the session's again. The lock is held.</summary>
    private bool ComesBack()
    {
        if (!_readable && !_hungUp && KernelSlot.State != ClientSlotState.User && !HaveMirrorsChanged)
        {
            return false;
        }

        TakeBack();

        // The transaction may have ended just before, and nothing else would say so.
        UnlinkIfDone();
        return true;
    }

    /// <summary>SUSPEND: the kernel must not move anything. No lock is held.</summary>
    internal void LeaveKernel()
    {
        lock (Sync)
        {
            if (IsInKernel)
            {
                TakeBack();
            }
        }
    }

    /// <summary>Makes what the kernel knows of the client the session's. The lock is held.</summary>
    private void TakeBack()
    {
        TakeResult taken = _kernel!.Take(Slot);
        if (Pool.HasRemoteServers)
        {
            _kernel.Settle(Slot, taken.Server);
        }

        if (_isRemote)
        {
            Socket.Loop.Watch(Socket, everything: true);
        }

        ref readonly ClientSlot slot = ref KernelSlot;
        bool kept = taken.State == ClientSlotState.Waiting || (taken.Flags & ClientSlotFlags.ToSend) != 0;
        CloseKernelTap(isInside: !taken.Server.IsNone, kept);
        if (kept)
        {
            _held.Append(_kernel.Path.Slots.Block(taken.Block, slot.RequestLength));
            _heldIsRequest = true;
        }

        _idleSince = RequestedAt = Math.Max(RequestedAt, (long)slot.RequestedAt);
        _readable = true;
        _state = SessionState.Idle;
        if (!taken.Server.IsNone)
        {
            TakeLink(taken, slot, kept);
            if ((taken.Flags & ClientSlotFlags.Cut) != 0)
            {
                EndBy(SessionEndReason.ReplyCut);
            }
        }
        else if (kept || taken.State == ClientSlotState.UserWaiting)
        {
            WaitingSince = (long)slot.WaitingSince;
            _waitNoticeSent = false;
            _state = SessionState.Waiting;
        }
    }

    private void TakeLink(in TakeResult taken, in ClientSlot slot, bool kept)
    {
        if (_kernel!.Server(taken.Server) is not { } server || !server.TryLinkFromKernel(this))
        {
            EndBy(SessionEndReason.ServerCrashed);
            return;
        }

        _server = server;
        _state = SessionState.Active;
        _framer = slot.Remaining == 0
            ? new MessageFramer(_maximumMessage)
            : MessageFramer.Resume(_maximumMessage, InBody((int)slot.Remaining));
        _awaitsReply = (taken.Flags & ClientSlotFlags.Unconfirmed) != 0 && slot.Owed > 0;
        _transactionStart = (long)slot.TransactionStart;
        if (kept)
        {
            // Counted when it is forwarded, like any other.
            _ledger.Reset();
            return;
        }

        _ledger.Resume((int)slot.Owed, (int)slot.HeadExtended, (int)slot.Open, (int)slot.Answered);
        _usedInKernel = slot.Needs;
        if ((taken.Flags & ClientSlotFlags.Kept) != 0 && slot.Owed == 1)
        {
            KeepExecution(_kernel.Path.Slots.Block(taken.Block, slot.RequestLength));
        }

        _queryStart = (long)slot.QueryStart;
    }

    /// <summary>In the middle of a message whose type matters no more; its first byte has gone by.</summary>
    private static Protocol.FramePosition InBody(int remaining) =>
        new(MessageFramer.HeaderLength, 0, 0, remaining, remaining + 1, 0);

    /// <summary>Sends the request of a waiting client that the kernel linked to a server of ours. No lock is held.</summary>
    internal void SendWaiting()
    {
        lock (Sync)
        {
            if (!IsInKernel || _kernel!.Path.BeginSend(Slot) is not { Result: CallResult.Done } sending)
            {
                // Taken back meanwhile, with the request, or sent by another thread.
                return;
            }

            if (_kernel.Server(sending.Server) is { } server)
            {
                ref readonly ClientSlot slot = ref KernelSlot;
                server.SendFromKernel(_kernel.Path.Slots.Block(slot.Block, slot.RequestLength));
            }
            else
            {
                EndBy(SessionEndReason.ServerCrashed);
            }
        }
    }
}
