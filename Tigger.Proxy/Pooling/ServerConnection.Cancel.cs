namespace Tigger.Pooling;

/// <summary>
/// Keeps a server out of the pool while a cancel request for it is on its way. PostgreSQL signals the backend, not the query:
/// a request that arrives late would hit whoever has the server then.
/// </summary>
public sealed partial class ServerConnection
{
    private int _cancelsInKernel;

    /// <summary>Called under the lock of the client that has this server.</summary>
    internal void BeginCancel(bool inKernel = false)
    {
        lock (Sync)
        {
            CancelsPending++;
            _cancelsInKernel += inKernel ? 1 : 0;
        }
    }

    /// <summary>PostgreSQL has dealt with the request (it closed the connection) or never will. No lock is held.</summary>
    internal void EndCancel()
    {
        lock (Sync)
        {
            if (_cancelsInKernel > 0)
            {
                _cancelsInKernel--;
                _kernel!.Path.CancelEnd(Slot);
            }

            if (--CancelsPending > 0 || State != ServerState.BeingCanceled)
            {
                return;
            }

            State = ServerState.InTransit;
        }

        Pool.HandOn(this);
    }
}
