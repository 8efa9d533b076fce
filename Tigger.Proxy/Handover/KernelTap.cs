using Tigger.Kernel.Copies;
using Tigger.Kernel.Slots;
using Tigger.Mirroring;
using Tigger.Pooling;

namespace Tigger.Handover;

/// <summary>
/// What the programs have copied of one client, told to its session's tap. While the kernel has the client only this uses the
/// tap; before and after only the session does, under its lock. Records come in the order of their numbers; a number that is left
/// out is one for which the ring buffer had no room.
/// </summary>
internal sealed class KernelTap(MirrorTap tap)
{
    // Taken by whoever reads the ring buffer and by the session; nothing is waited for under it.
    private readonly Lock _lock = new();
    private ParameterProfile? _parameters;
    private uint _next;
    private uint _ended;

    /// <summary>The session has not got the tap.</summary>
    public bool IsOpen => Volatile.Read(ref _parameters) is not null;

    /// <summary>Timestamp of the first request of the last transaction that began in the kernel.</summary>
    public long StartedAt { get; private set; }

    /// <summary>The kernel is about to get the client, at the end of a transaction. The session's lock is held.</summary>
    public void Open(in ClientSlot slot, ParameterProfile parameters)
    {
        lock (_lock)
        {
            tap.Arrives();
            _parameters = parameters;
            _next = slot.Copied + 1;
            _ended = slot.Ended;
        }
    }

    /// <summary>A record of this client. Called by one thread at a time.</summary>
    /// <param name="head">The record.</param>
    /// <param name="bytes">What follows it.</param>
    /// <param name="backend">End: process number of the backend; 0: not known.</param>
    public void Take(in CopyHead head, ReadOnlySpan<byte> bytes, int backend)
    {
        lock (_lock)
        {
            // One that is late has been given up.
            if (_parameters is not { } parameters || unchecked((int)(head.Sequence - _next)) < 0)
            {
                return;
            }

            bool hasGap = head.Sequence != _next;
            _next = head.Sequence + 1;
            if (hasGap)
            {
                LoseUpTo(head.Kind == CopyKind.End ? head.Ended - 1 : head.Ended, (long)head.Time);
                Lose(parameters, (long)head.Time);
            }

            switch (head.Kind)
            {
                case CopyKind.Request when !hasGap:
                    if (!tap.IsInside)
                    {
                        tap.Arrives();
                        StartedAt = (long)head.Time;
                    }

                    tap.Request(bytes, parameters, (long)head.Time);
                    break;
                case CopyKind.Lost:
                    Lose(parameters, (long)head.Time);
                    break;
                case CopyKind.End:
                    End(head.Ended, new TransactionOutcome(StartedAt, (long)head.Time, (long)head.Busy, null)
                    {
                        Rows = (long)head.Rows,
                        ReplyBytes = (long)head.Replied,
                        Backend = backend,
                        Path = TransactionPath.Kernel,
                    });
                    break;
            }
        }
    }

    /// <summary>
    /// Whether all that was copied of a client that C# has taken has come here, but for what there was no room for; only then may
    /// the session use the tap.
    /// </summary>
    public bool HasAll(in ClientSlot slot)
    {
        lock (_lock)
        {
            return unchecked((int)(slot.Copied - _next)) < 0 || slot.Missed == slot.Copied;
        }
    }

    /// <summary>C# has the client. The session's lock is held.</summary>
    /// <param name="slot">The client's; no program writes in it any more.</param>
    /// <param name="isInside">It is in a transaction, or waits for a server for one.</param>
    /// <param name="isKept">Its request, the first of a transaction, was not sent: the session will tell of it again.</param>
    public void Close(in ClientSlot slot, bool isInside, bool isKept)
    {
        lock (_lock)
        {
            if (_parameters is not { } parameters)
            {
                return;
            }

            bool hasGap = unchecked((int)(slot.Copied - _next)) >= 0;
            long now = (long)slot.RequestedAt;
            LoseUpTo(slot.Ended, now);
            if (isKept)
            {
                tap.Withdraw();
            }
            else if (hasGap && isInside)
            {
                Lose(parameters, now);
            }

            _parameters = null;
        }
    }

    /// <summary>Transactions have ended of whose ends, or of which, nothing was copied.</summary>
    private void LoseUpTo(uint ended, long timestamp)
    {
        while (_ended != ended)
        {
            Lose(_parameters!, timestamp);
            End(_ended + 1, default);
        }
    }

    private void Lose(ParameterProfile parameters, long timestamp) => tap.Missed(MirrorDropReason.RingFull, parameters, timestamp);

    private void End(uint ended, in TransactionOutcome outcome)
    {
        tap.Ended(outcome);
        _ended = ended;
    }
}
