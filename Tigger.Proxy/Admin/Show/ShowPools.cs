using Tigger.Config;
using Tigger.Pooling;

namespace Tigger.Admin.Show;

/// <summary>SHOW POOLS: clients and servers of each pool by what they do.</summary>
public sealed class ShowPools : IShowCommand
{
    public string Name => "pools";

    public IReadOnlyList<ResultColumn> Columns { get; } = ResultColumn.List(
        "database:s user:s cl_active:i cl_waiting:i cl_active_cancel_req:i cl_waiting_cancel_req:i sv_active:i sv_active_cancel:i "
        + "sv_being_canceled:i sv_idle:i sv_used:i sv_tested:i sv_login:i maxwait:i maxwait_us:i pool_mode:s load_balance_hosts:s");

    public void Fill(ResultTable rows, AdminContext context)
    {
        List<object?[]> all = [ConsoleRow(context), .. context.Registry.Pools.Select(Row)];
        foreach (object?[] row in all.OrderBy(row => (string)row[0]!, StringComparer.Ordinal)
            .ThenBy(row => (string)row[1]!, StringComparer.Ordinal))
        {
            rows.Add(row);
        }
    }

    private static object?[] Row(ServerPool pool)
    {
        PoolSnapshot now = pool.Snapshot();
        return
        [
            pool.Database.Name,
            pool.User.Name,
            now.ActiveClients,
            now.WaitingClients,
            now.Cancels,
            0,
            now.ActiveServers,
            now.Cancels,
            now.BeingCanceled,
            now.IdleServers,
            now.StaleServers,
            now.TestedServers,
            now.LoginServers,
            (int)now.LongestWait.TotalSeconds,
            SocketRows.MicrosecondsOf(now.LongestWait),
            pool.Mode.Word(),
            Words.LoadBalancing(pool.Database.Config),
        ];
    }

    private static object?[] ConsoleRow(AdminContext context) =>
    [
        Limits.AdminDatabase, Limits.AdminDatabase, context.Admins.Count, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, PoolMode.Statement.Word(), null,
    ];
}
