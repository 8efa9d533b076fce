using Tigger.Sessions;

namespace Tigger.Admin.Show;

/// <summary>SHOW PEER_POOLS: cancel requests on their way to peers. As in PgBouncer a peer has a row from its first request on.</summary>
public sealed class ShowPeerPools : IShowCommand
{
    public string Name => "peer_pools";

    public IReadOnlyList<ResultColumn> Columns { get; } =
        ResultColumn.List("peer_id:i cl_active_cancel_req:i cl_waiting_cancel_req:i sv_active_cancel:i sv_login:i");

    public void Fill(ResultTable rows, AdminContext context)
    {
        foreach (PeerPool pool in context.Peers.Pools)
        {
            int active = pool.Active;
            rows.Add(pool.Peer.PeerId, active, pool.Waiting, active, pool.Connecting);
        }
    }
}
