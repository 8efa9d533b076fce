using Tigger.Handover;
using Tigger.Kernel.Calls;
using Tigger.Kernel.Slots;
using Tigger.Net;
using Tigger.Protocol;
using Tigger.Sessions;

namespace Tigger.Pooling;

/// <summary>
/// A server in the kernel: idle, linked or released by the programs. Nothing is read from or written to its connection
/// then, and whoever hears of bytes there takes it back first.
/// </summary>
public sealed partial class ServerConnection
{
    private KernelPools? _kernel;

    internal ServerKey Slot { get; private set; }

    /// <summary>The backend's own socket is in the kernel's hands.</summary>
    internal bool IsPresent { get; private set; }

    /// <summary>How often it could not be handed on because bytes were on their way.</summary>
    internal int DirtyTries { get; set; }

    internal bool IsInKernel => _state == ServerState.Kernel;

    /// <summary>Number of its parameters for the programs; 0 keeps it in user space.</summary>
    internal ulong KernelProfile => IsInMap && Pool.MayUseKernel ? Parameters.Number : 0;

    /// <summary>Nothing is half sent or half read, and nobody wants it back. What has just arrived is seen by the call that gives it away.</summary>
    internal bool IsAtRest =>
        IsInMap && !CloseNeeded && CancelsPending == 0 && Task == ServerTask.None
        && Framer.AtBoundary && Held.IsEmpty && Out.IsEmpty && !HungUp;

    private ref readonly ServerSlot KernelSlot => ref _kernel!.Path.Slots.Server(Slot.Slot);

    /// <summary>What the kernel does with it, in the words of user space; for display, it may change at any moment.</summary>
    private ServerState StateInKernel
    {
        get
        {
            ref readonly ServerSlot slot = ref KernelSlot;
            return slot.State switch
            {
                ServerSlotState.Idle => ServerState.Idle,
                ServerSlotState.Linked => ServerState.Active,

                // Left to C# in the middle of a link, which has not heard of it yet.
                ServerSlotState.User when slot.Client != SlotLimits.None => ServerState.Active,
                _ => ServerState.InTransit,
            };
        }
    }

    /// <summary>For SHOW KERNEL, by one read of its slot.</summary>
    internal KernelPlace Place => !IsInKernel ? KernelPlace.UserSpace : KernelSlot.State switch
    {
        ServerSlotState.Idle => KernelPlace.Idle,
        ServerSlotState.Linked => _kernel!.IsUnanswered(KernelSlot) ? KernelPlace.Granted : KernelPlace.Linked,
        _ => KernelPlace.UserSpace,
    };

    /// <summary>The slot it got before it was connected.</summary>
    internal void TakeSlot(KernelPools kernel, ServerKey slot, bool isPresent)
    {
        _kernel = kernel;
        Slot = slot;
        IsPresent = isPresent;
        if (isPresent)
        {
            kernel.Watch(Socket, slot);
        }

        kernel.Add(this);
    }

    /// <summary>To be called before the call that gives it away.</summary>
    internal void GoToKernel()
    {
        _client = null;
        _state = ServerState.Kernel;
    }

    /// <summary>It is the caller's, who has made the call that took it; no lock is needed for what nobody else has.</summary>
    internal void ReturnFromKernel(ServerState state)
    {
        NoteUse();
        if (!IsRemote)
        {
            _state = state;
            return;
        }

        lock (Sync)
        {
            _state = state;
            WatchAgain();
        }
    }

    /// <summary>It is the client's, by a call of the caller's, in the middle of whatever they do. The client's lock is held.</summary>
    internal bool TryLinkFromKernel(ClientSession client)
    {
        lock (Sync)
        {
            if (_dead)
            {
                return false;
            }

            NoteUse();
            _client = client;
            _state = ServerState.Active;
            WatchAgain();
            Readable = true;
            ref readonly ServerSlot slot = ref KernelSlot;
            Status = slot.Status == 0 ? TransactionStatus.Idle : (byte)slot.Status;
            Traces.LinkBegins(Status);
            ToldFatal = slot.LastType == BackendCode.ErrorResponse;
            Resume(slot.Frame);
            return true;
        }
    }

    /// <summary>A waiting client's request. Called with the client's lock held, while the kernel has both.</summary>
    internal void SendFromKernel(ReadOnlySpan<byte> request)
    {
        lock (Sync)
        {
            // What does not go is flushed when the socket takes it; that it breaks is heard as the end of its stream.
            _ = Out.SendThrough(Transport, request);
        }
    }

    /// <summary>Has the kernel give it back at the end of its transaction.</summary>
    internal void Recall()
    {
        if (IsInKernel)
        {
            _kernel!.Path.Recall(Slot);
        }
    }

    /// <summary>The kernel has released it, and somebody wanted that to be told. No lock is held.</summary>
    internal void TakeParked()
    {
        if (!IsInKernel || KernelSlot.State != ServerSlotState.Parked
            || _kernel!.Path.TakeServer(Slot, ServerSlotState.Parked).Result != CallResult.Done)
        {
            return;
        }

        // It may have spoken unasked.
        Recover(SocketEvents.Readable);
    }

    /// <summary>Goes on with a server that the caller's call has taken off the idle list or after its release.</summary>
    private void Recover(SocketEvents events)
    {
        bool isFree;
        lock (Sync)
        {
            // As one step with the end of a cancel request, which hands the server on if it finds it waiting for that.
            NoteUse();
            isFree = CancelsPending == 0;
            _state = isFree ? ServerState.InTransit : ServerState.BeingCanceled;
            WatchAgain();
        }

        if (IsRemote)
        {
            _kernel!.Settle(default, Slot);
        }

        OnReady(events);
        if (isFree)
        {
            Pool.HandOn(this);
        }
    }

    /// <summary>False: it changed hands meanwhile, look again.</summary>
    private bool OnKernelReady(SocketEvents events)
    {
        events |= Socket.TakeMissed();
        if ((events & SocketEvents.Writable) != 0)
        {
            lock (Sync)
            {
                if (!IsInKernel)
                {
                    // What is to be sent is its client's, under another lock.
                    Socket.DeferMissed(events);
                    return false;
                }

                _ = Out.FlushTo(Transport);
            }
        }

        if ((events & (SocketEvents.Readable | SocketEvents.Ended)) == 0)
        {
            return true;
        }

        if (IsRemote && (events & SocketEvents.Ended) == 0 && KernelSlot.State is not ServerSlotState.User)
        {
            // What arrives is the programs', which say so when it is ours.
            WatchNoMore();
            return IsInKernel;
        }

        ServerResult taken = _kernel!.TakeServer(Slot);
        if (taken.Result == CallResult.Done && _kernel.Client(taken.Client) is { } client)
        {
            return client.OnServerReady(this, events);
        }

        if (taken.Result != CallResult.Done || taken.State is not (ServerSlotState.Idle or ServerSlotState.Parked))
        {
            // Forgotten, or on its way: its state says so in a moment.
            return taken.Result != CallResult.Done || !IsInKernel;
        }

        Recover(events);
        return true;
    }

    private static Protocol.FramePosition Resumed(in Kernel.Slots.FramePosition position) => new(
        position.HeaderBytes, position.Type, position.PartialLength, (int)position.Remaining, (int)position.BodyLength, position.FirstBodyByte);

    private void NoteUse()
    {
        ref readonly ServerSlot slot = ref KernelSlot;
        if (slot.Uses > 0)
        {
            DirtyTries = 0;
            Served = NeedsReset = true;
            LastUsedAt = Math.Max(_lastUsedAt, (long)slot.LastUsed);
        }
    }

    /// <summary>
    /// Where the kernel stopped in the server's stream. Of a header that is cut, or a message that must be seen whole, what
    /// the client has already is put in front of what comes.
    /// </summary>
    internal void Resume(in Kernel.Slots.FramePosition position)
    {
        Framer = new MessageFramer(MaximumMessage);
        Span<byte> header = [position.Type, 0, 0, 0, 0];
        if (position.HeaderBytes is > 0 and < MessageFramer.HeaderLength)
        {
            for (int i = position.HeaderBytes - 1, shift = 0; i > 0; i--, shift += 8)
            {
                header[i] = (byte)(position.PartialLength >> shift);
            }

            Held.Append(header[..position.HeaderBytes]);
            HeldSent = position.HeaderBytes;
        }
        else if (position.HeaderBytes == MessageFramer.HeaderLength)
        {
            int bodyLength = (int)position.BodyLength;
            if (position.Remaining == position.BodyLength && Relay.ReplyWalker.IsWanted(position.Type, bodyLength))
            {
                System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(header[1..], bodyLength + MessageFramer.LengthFieldSize);
                Held.Append(header);
                HeldSent = header.Length;
            }
            else
            {
                Framer = MessageFramer.Resume(MaximumMessage, Resumed(position));
            }
        }
    }
}
