using Tigger.Handover;
using Tigger.Kernel.Slots;
using Tigger.Mirroring;

namespace Tigger.Sessions;

/// <summary>What mirrors are told of a client while the kernel has it. All members are called with the lock held.</summary>
public sealed partial class ClientSession
{
    private volatile KernelTap? _kernelTap;

    /// <summary>Takes what the programs copy of this client; any thread may ask.</summary>
    internal KernelTap? KernelTap => _kernelTap;

    /// <summary>A mirror wants the client's transactions, which the programs do not copy, or none does any more.</summary>
    private bool HaveMirrorsChanged =>
        _tap is { } tap ? tap.IsOutdated || (_kernelTap is { IsOpen: true } && !tap.IsWanted) : Login.Database.Mirrors is { Sinks.Length: > 0 };

    /// <summary>The kernel is about to get the client. True: the programs are to copy what it sends.</summary>
    private bool OpenKernelTap()
    {
        RequestsArrive();
        if (_tap is not { } tap)
        {
            return false;
        }

        tap.Abandoned(MirrorDropReason.ClientGone);
        tap.Arrives();
        if (!tap.IsWanted)
        {
            return false;
        }

        _kernel!.Mirrors.Start();
        _kernelTap ??= new KernelTap(tap);
        _kernelTap.Open(KernelSlot, Parameters);
        return true;
    }

    /// <summary>The tap is the session's again, with everything that was copied.</summary>
    /// <param name="isInside">The client has a server, or a request that waits for one.</param>
    /// <param name="isKept">That request is the session's now, which forwards it like any other.</param>
    private void CloseKernelTap(bool isInside, bool isKept)
    {
        if (_kernelTap is not { IsOpen: true } kernelTap || _tap is not { } tap)
        {
            return;
        }

        ref readonly ClientSlot slot = ref KernelSlot;
        _kernel!.Mirrors.Settle(kernelTap, Slot);
        kernelTap.Close(slot, isInside, isKept);
        if (tap.IsInside)
        {
            _tellsMirrors = true;
            _tapStartedAt = kernelTap.StartedAt;
            _tapQueryTime = _counters.QueryTime - (long)slot.Busy;
            _tapSent = _counters.Sent - (long)slot.Replied;
            _tapRows = (long)slot.Rows;
            _tapPath = TransactionPath.Both;
            _firstError = null;
        }
    }
}
