using Tigger.Config;
using Tigger.Sessions;

namespace Tigger.Admin.Show;

/// <summary>SHOW PEERS: the configured peers.</summary>
public sealed class ShowPeers : IShowCommand
{
    public string Name => "peers";

    public IReadOnlyList<ResultColumn> Columns { get; } = ResultColumn.List("peer_id:i host:s port:i pool_size:i");

    public void Fill(ResultTable rows, AdminContext context)
    {
        foreach (PeerConfig peer in context.Config.Peers.Values.OrderBy(peer => peer.PeerId))
        {
            rows.Add(peer.PeerId, peer.Host.ToString(), peer.Port, PeerTable.SizeOf(peer, context.Config));
        }
    }
}
