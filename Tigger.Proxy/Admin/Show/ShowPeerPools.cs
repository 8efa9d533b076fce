namespace Tigger.Admin.Show;

/// <summary>SHOW PEER_POOLS: no rows, because no connections to peers are kept.</summary>
public sealed class ShowPeerPools : IShowCommand
{
    public string Name => "peer_pools";

    public IReadOnlyList<ResultColumn> Columns { get; } =
        ResultColumn.List("peer_id:i cl_active_cancel_req:i cl_waiting_cancel_req:i sv_active_cancel:i sv_login:i");

    public void Fill(ResultTable rows, AdminContext context)
    {
    }
}
