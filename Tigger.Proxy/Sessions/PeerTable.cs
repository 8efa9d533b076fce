using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Tigger.Config;
using Tigger.Pooling;
using Tigger.Telemetry;

namespace Tigger.Sessions;

/// <summary>
/// The other processes of a group behind one address (<c>peers</c>): a cancel request may reach any of them, and goes on to the
/// one whose client it is about.
/// </summary>
public sealed partial class PeerTable(PoolRegistry registry, ServerConnector connector, ILogger logger)
{
    private readonly ConcurrentDictionary<int, PeerPool> _pools = new();

    /// <summary>Peers that got something since they were configured as they are.</summary>
    public IEnumerable<PeerPool> Pools => _pools.Values.Where(pool => IsCurrent(pool)).OrderBy(pool => pool.Peer.PeerId);

    /// <summary>Servers a peer's pool may have, as SHOW PEERS and PEER_POOLS say.</summary>
    public static int SizeOf(PeerConfig peer, TiggerConfig config) => peer.PoolSize ?? config.DefaultPoolSize;

    /// <summary>Whether keys are given out and read as a group of peers does.</summary>
    internal bool AreThere => registry.Config.PeerId > 0;

    /// <summary>Whether the key was given out by another process of the group.</summary>
    internal bool IsForeign(CancelKey key) => AreThere && key.PeerId != registry.Config.PeerId;

    /// <summary>Sends the request on and returns when the peer has dealt with it, or cannot.</summary>
    internal async Task ForwardAsync(ClientConnection requester, CancelKey key)
    {
        TiggerConfig config = registry.Config;
        if (key.ForwardsLeft == 0)
        {
            registry.Counters.Count(PoolerCounter.CancelNotForwarded);
            LogDropped(logger, requester.Id, requester.Address, "failed to forward cancel request because its TTL was exhausted");
            return;
        }

        if (!config.Peers.TryGetValue(key.PeerId, out PeerConfig? peer))
        {
            registry.Counters.Count(PoolerCounter.CancelNotForwarded);
            LogDropped(logger, requester.Id, requester.Address, "could not find peer to forward request to");
            return;
        }

        using CancellationTokenSource deadline = ServerConnector.Deadline(config.CancelWaitTimeout);
        try
        {
            await PoolOf(peer, config).ForwardAsync(
                () => connector.ConnectToPeerAsync(peer, config, deadline.Token),
                stream => ServerConnector.DeliverCancelAsync(stream, key.Forwarded.ToBytes(), deadline.Token),
                deadline.Token);
            registry.Counters.Count(PoolerCounter.CancelForwarded);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or System.Net.Sockets.SocketException)
        {
            registry.Counters.Count(PoolerCounter.CancelNotForwarded);
            LogNotForwarded(logger, requester.Id, peer.PeerId, fault is OperationCanceledException ? "cancel_wait_timeout" : fault.Message);
        }
    }

    /// <summary>A peer whose settings changed gets a pool of its own; requests under way end in the old one.</summary>
    private PeerPool PoolOf(PeerConfig peer, TiggerConfig config)
    {
        int size = SizeOf(peer, config) is > 0 and var limit ? limit : int.MaxValue;
        return _pools.AddOrUpdate(
            peer.PeerId, _ => new PeerPool(peer, size), (_, known) => known.Peer == peer && known.Size == size ? known : new PeerPool(peer, size));
    }

    private bool IsCurrent(PeerPool pool) =>
        registry.Config.Peers.TryGetValue(pool.Peer.PeerId, out PeerConfig? peer) && peer == pool.Peer;

    [LoggerMessage(2012, LogLevel.Information, "C-{Client}: {Address} closing because: {Reason}")]
    private static partial void LogDropped(ILogger logger, long client, string address, string reason);

    [LoggerMessage(2013, LogLevel.Warning, "C-{Client}: cancel request not forwarded to peer {Peer}: {Reason}")]
    private static partial void LogNotForwarded(ILogger logger, long client, int peer, string reason);
}
