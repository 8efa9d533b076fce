using Tigger.Kernel.Calls;
using Tigger.Kernel.Slots;
using Tigger.Pooling;
using Tigger.Sessions;

namespace Tigger.Handover;

/// <summary>
/// The pool's idle servers and waiting clients where the programs find them too: each step is a call that takes the same
/// lock as they do.
/// </summary>
internal sealed class KernelServerQueue(ServerPool pool, KernelPools kernel) : IServerQueue
{
    public int WaitingCount => (int)Slot.WaitingCount;

    public long LongestWaitingSince =>
        Slot.WaitingFirst is not SlotLimits.None and var first ? (long)kernel.Path.Slots.Client(first).WaitingSince : 0;

    public IReadOnlyList<ServerConnection> IdleServers =>
        [.. pool.Servers.Where(server => server.State == ServerState.Idle).OrderByDescending(server => server.LastUsedAt)];

    public bool IsPaused
    {
        get => (Slot.Flags & PoolSlotFlags.Paused) != 0;
        set => Slot.Set(PoolSlotFlags.Paused, value);
    }

    private ref PoolSlot Slot => ref kernel.Path.Slots.Pool((uint)pool.KernelNumber);

    public ServerConnection? TakeOrWait(ClientSession client)
    {
        while (true)
        {
            WaitResult lent = kernel.Path.Wait(client.Slot, client.LendingProfile, first: false);
            if (lent.Result == CallResult.Queued)
            {
                return null;
            }

            if (lent.Result != CallResult.Done)
            {
                throw new InvalidOperationException($"C-{client.Id}: tigger_wait: {lent.Result}");
            }

            // One that is not known any more is being forgotten.
            if (kernel.Server(lent.Server) is { } server)
            {
                server.ReturnFromKernel(ServerState.Active);
                return server;
            }
        }
    }

    public void WaitFirst(ClientSession client) => kernel.Path.Wait(client.Slot, client.LendingProfile, first: true);

    public bool StopWaiting(ClientSession client) => kernel.Path.StopWaiting(client.Slot) == CallResult.Done;

    public LendResult HandOn(ServerConnection server)
    {
        while (true)
        {
            // Before the call: a program may lend it, and C# hear of it, before the call returns.
            server.TellStatements();
            server.GoToKernel();
            HandOnResult result = kernel.Path.HandOn(server.Slot, server.LendingProfile, server.IsRemote);
            switch (result.Result)
            {
                case CallResult.Idle:
                    return LendResult.Idle;
                case CallResult.Granted:
                    CountGrant(result.Client);
                    return new LendResult(LendKind.InKernel, kernel.Client(result.Client));
                case CallResult.GrantedUser:
                    server.ReturnFromKernel(ServerState.Active);
                    if (kernel.Client(result.Client) is { } client)
                    {
                        return LendResult.Lent(client);
                    }

                    break;
                case CallResult.Dirty:
                    server.ReturnFromKernel(ServerState.InTransit);
                    return new LendResult(LendKind.Dirty, null);
                default:
                    // Forgotten meanwhile: it is dead, and whoever handed it on will find out.
                    server.ReturnFromKernel(ServerState.InTransit);
                    return LendResult.Idle;
            }
        }
    }

    /// <summary>Makes a server idle if no client waits for one. False: it is still the caller's. A client's lock may be held.</summary>
    internal bool TryMakeIdle(ServerConnection server)
    {
        server.TellStatements();
        server.GoToKernel();
        if (kernel.Path.HandOn(server.Slot, server.LendingProfile, server.IsRemote, onlyIdle: true).Result == CallResult.Idle)
        {
            return true;
        }

        server.ReturnFromKernel(ServerState.InTransit);
        return false;
    }

    /// <summary>Neither a program nor a session has a part in this grant, so it is counted here.</summary>
    private void CountGrant(ClientKey client)
    {
        long waited = pool.Clock.GetTimestamp() - (long)kernel.Path.Slots.Client(client.Slot).WaitingSince;
        pool.Statistics.Add(new SessionCounters { Assignments = 1, WaitTime = Math.Max(0, waited) });
    }

    public bool TakeIdle(ServerConnection server)
    {
        if (!server.IsInKernel || kernel.Path.TakeServer(server.Slot, ServerSlotState.Idle).Result != CallResult.Done)
        {
            return false;
        }

        server.ReturnFromKernel(ServerState.InTransit);
        return true;
    }

    public void Remove(ServerConnection server) => kernel.Remove(server);
}
