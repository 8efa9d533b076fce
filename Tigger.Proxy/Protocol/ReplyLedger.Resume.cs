namespace Tigger.Protocol;

/// <summary>A link that was taken over from the kernel, which counts and keeps no list.</summary>
public sealed partial class ReplyLedger
{
    /// <summary>
    /// Starts anew, in the middle of a link. A batch that is the only one outstanding is queued as its extended messages and its
    /// Sync; anything else as one Query per ReadyForQuery, which like a batch as a whole takes any replies and outlives an error.
    /// Then come the extended messages that no Sync has followed.
    /// </summary>
    /// <remarks>
    /// Exactly <paramref name="owed"/> ReadyForQuery are expected. In kind it may be more than is owed: an extended
    /// message that has been answered stays queued until the next ReadyForQuery. What follows can therefore be counted too
    /// high, never too low: a COPY IN swallows the Sync of its batch only if the last of <paramref name="headExtended"/> is the
    /// one it answers; and with <paramref name="open"/> messages not known to be answered, of which an error may or may not be, the ledger is inexact. A
    /// Sync too many goes with the replies to the next request, a Query too many stays until <see cref="Reset"/>.
    /// </remarks>
    /// <param name="owed">ReadyForQuery messages still to come for what was sent.</param>
    /// <param name="headExtended">
    /// Extended messages of the only outstanding batch, which a Sync and no Query ended; 0 for several, or for a Query. Used if
    /// <paramref name="owed"/> is 1.
    /// </param>
    /// <param name="open">Extended messages sent since the last Sync.</param>
    /// <param name="answered">Of these, those that have been completed: the first ones.</param>
    public void Resume(int owed, int headExtended, int open, int answered = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(owed);
        ArgumentOutOfRangeException.ThrowIfNegative(headExtended);
        ArgumentOutOfRangeException.ThrowIfNegative(open);
        ArgumentOutOfRangeException.ThrowIfNegative(answered);
        Reset();

        // From the tail to the head.
        int outstanding = Math.Max(0, open - answered);
        Prime(ReplyKind.Extended, outstanding);
        if (owed == 1 && headExtended > 0)
        {
            Prime(ReplyKind.Sync, owed);
            Prime(ReplyKind.Extended, headExtended);
        }
        else
        {
            Prime(ReplyKind.Query, owed);
        }

        _expected = owed;
        _quiet = (owed | open) == 0;

        // If they have been answered, an error is that of a Query behind them, whose ReadyForQuery still comes.
        _inexact = outstanding > 0;
    }

    private void Prime(ReplyKind kind, int count)
    {
        if (count > 0)
        {
            _runs.PushFront(kind, count);
        }
    }
}
