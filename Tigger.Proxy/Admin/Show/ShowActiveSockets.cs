namespace Tigger.Admin.Show;

/// <summary>SHOW ACTIVE_SOCKETS: the connections with something in a buffer.</summary>
public sealed class ShowActiveSockets : IShowCommand
{
    public string Name => "active_sockets";

    public IReadOnlyList<ResultColumn> Columns => SocketRows.BufferColumns;

    public void Fill(ResultTable rows, AdminContext context) => ShowSockets.Fill(rows, context, onlyBusy: true);
}
