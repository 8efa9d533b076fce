using Tigger.Kernel.Calls;

namespace Tigger.Pooling;

/// <summary>
/// Keeps a server out of the pool while a cancel request for it is on its way. PostgreSQL signals the backend, not the query:
/// a request that arrives late would hit whoever has the server then.
/// </summary>
public sealed partial class ServerConnection
{
    private int _cancelsInKernel;

    /// <summary>Called under the lock of the client that has this server.</summary>
    internal void BeginCancel()
    {
        lock (Sync)
        {
            CancelsPending++;
        }
    }

    /// <summary>
    /// The same while the kernel has the link. Noted here first: the server may be released, and looked at here, at once.
    /// False: it works for another client by now, or for none.
    /// </summary>
    internal bool TryBeginCancelInKernel(ClientKey client)
    {
        BeginCancel();
        if (_kernel!.Path.CancelBegin(Slot, client) == CallResult.Done)
        {
            lock (Sync)
            {
                _cancelsInKernel++;
            }

            return true;
        }

        // Not from here, where a client's lock is held.
        ThreadPool.UnsafeQueueUserWorkItem(static server => server.EndCancel(), this, preferLocal: false);
        return false;
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
