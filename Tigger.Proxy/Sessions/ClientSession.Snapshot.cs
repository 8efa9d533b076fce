namespace Tigger.Sessions;

/// <summary>What the console wants to know of a session.</summary>
public sealed partial class ClientSession
{
    /// <summary>Whether nothing is half sent in either direction, so that SUSPEND may take hold.</summary>
    internal bool IsFlushed
    {
        get
        {
            lock (Sync)
            {
                return !IsInKernel && _out.IsEmpty && _server is null or { Out.IsEmpty: true };
            }
        }
    }

    internal SessionSnapshot Snapshot()
    {
        lock (Sync)
        {
            return IsInKernel ? SnapshotInKernel() : new SessionSnapshot
            {
                State = _state,
                Server = _server,
                Counters = _counters,
                BusySince = _state == SessionState.Waiting ? WaitingSince : _queryStart,
                Held = _held.Length,
                Owed = _out.Length,
            };
        }
    }
}
