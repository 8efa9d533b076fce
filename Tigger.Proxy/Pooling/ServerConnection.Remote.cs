using Microsoft.Extensions.Logging;
using Tigger.Config;
using Tigger.Kernel.Calls;
using Tigger.Kernel.Interop;
using Tigger.Kernel.Slots;
using Tigger.Net;

namespace Tigger.Pooling;

/// <summary>A server on another host: the kernel works on our own end of its connection.</summary>
public sealed partial class ServerConnection
{
    // What PostgreSQL may have sent that nobody reads, in budgets.
    private const int UnreadBudgets = 2;

    // Our end is in the kernel's map when the cookie is not 0.
    private ulong _remoteCookie;

    // The event loop tells of what arrives. Guarded by the own lock.
    private bool _watched = true;

    /// <summary>Our own end of its connection is in the kernel's map.</summary>
    internal bool IsRemote => _remoteCookie != 0;

    /// <summary>It is connected by TCP without encryption, and the programs know our end.</summary>
    internal bool CanBeRemote =>
        !Slot.IsNone && RemoteEndPoint is not null && Transport is PlainTransport && (KernelSlot.Flags & ServerSlotFlags.Side) != 0;

    /// <summary>The kernel can have it.</summary>
    private bool IsInMap => IsPresent || IsRemote;

    /// <summary>Bytes may come in pieces that are not read in one.</summary>
    internal bool ReadsToTheEnd => HungUp || IsInMap || Transport.MayHaveMore;

    /// <summary>
    /// Puts our end of the connection into the kernel's map, with everything read that arrived before. Called before the server
    /// is lent for the first time; what arrives in between is read after this.
    /// </summary>
    internal void TryEnter()
    {
        lock (Sync)
        {
            if (_dead || IsInMap || !CanBeRemote || Readable || !Held.IsEmpty || !Framer.AtBoundary)
            {
                return;
            }

            ulong cookie = Socket.Cookie;
            try
            {
                _kernel!.Path.EnterRemote(Socket.Descriptor, cookie, Slot);
                _remoteCookie = cookie;
            }
            catch (BpfException fault)
            {
                // One of those that the kernel leaves alone.
                LogNotEntered(Pool.Logger, Id, fault.Summary);
            }
        }
    }

    /// <summary>
    /// Bounds what PostgreSQL may send ahead of a client that does not read; TCP would let it be tens of megabytes. Not on the user
    /// path with PostgreSQL on another host, which may be so far away that its connection needs them to be fast.
    /// </summary>
    internal void LimitUnread()
    {
        bool isOnThisHost = Identity.Local is { } local && local.Address.Equals(Identity.Remote?.Address);
        TiggerConfig global = Pool.Settings.Global;
        lock (Sync)
        {
            if (!_dead && global.TcpSocketBuffer == 0 && (IsRemote || isOnThisHost))
            {
                Socket.LimitUnread(UnreadBudgets * global.KernelBudget);
            }
        }
    }

    /// <summary>It is user space's again, so the event loop has to tell what arrives. The own lock is held.</summary>
    private void WatchAgain()
    {
        if (!_watched && !_dead)
        {
            _watched = true;
            Socket.Loop.Watch(Socket, everything: true);
        }
    }

    /// <summary>
    /// Each segment wakes the loop for nothing while the kernel has the server, and the programs tell of those that they pass up.
    /// Done at the first such event only: many servers go to and fro.
    /// </summary>
    private void WatchNoMore()
    {
        lock (Sync)
        {
            if (IsInKernel && _watched && !_dead)
            {
                _watched = false;
                Socket.Loop.Watch(Socket, everything: false);
            }
        }
    }

    /// <summary>The programs have left its link to us, and the record that said so was lost. No lock is held.</summary>
    internal void TakeLeft()
    {
        if (IsRemote && IsInKernel && KernelSlot.State == ServerSlotState.User)
        {
            _kernel!.ClientOf(KernelSlot)?.Wake();
        }
    }

    /// <summary>
    /// Closing over unread bytes is a reset, by which PostgreSQL learns that nobody reads on; but of bytes that programs have passed
    /// up TCP knows nothing. Told of the end by a window that stays shut, PostgreSQL would keep the backend for a minute.
    /// </summary>
    private void ResetIfUnread()
    {
        if (IsRemote && (Socket.HasUnread || _kernel!.Path.Settle(default, Slot) == CallResult.Retry))
        {
            Socket.ResetAtClose();
        }
    }

    private void LeaveRemote()
    {
        if (IsRemote)
        {
            _kernel!.Path.LeaveRemote(_remoteCookie);
        }
    }

    [LoggerMessage(4011, LogLevel.Warning, "S-{Server}: stays on the user data path: {Reason}")]
    private static partial void LogNotEntered(ILogger logger, long server, string reason);
}
