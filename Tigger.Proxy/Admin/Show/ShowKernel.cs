using Tigger.Pooling;

namespace Tigger.Admin.Show;

/// <summary>
/// SHOW KERNEL, Tigger's own: which data path each pool is on, why, where its servers are, and whether clients on other hosts are
/// on the kernel path with the rest or why not, and how many its transactions are sent on to. Servers are always idle, linked,
/// granted or in user space, but of a busy pool each is looked at in another moment.
/// </summary>
public sealed class ShowKernel : IShowCommand
{
    public string Name => "kernel";

    public IReadOnlyList<ResultColumn> Columns { get; } = ResultColumn.List(
        "database:s user:s path:s reason:s servers:i idle:i linked:i granted:i user_space:i clients:i waiting:i remote_clients:s mirrors:i");

    public void Fill(ResultTable rows, AdminContext context)
    {
        foreach (ServerPool pool in context.Registry.Pools)
        {
            string? reason = pool.UserPathReason;
            List<KernelPlace> places = [.. pool.Servers.Select(server => server.Place)];
            rows.Add(
                pool.Database.Name,
                pool.User.Name,
                reason is null ? "kernel" : "user",
                reason ?? "",
                places.Count,
                In(KernelPlace.Idle),
                In(KernelPlace.Linked),
                In(KernelPlace.Granted),
                In(KernelPlace.UserSpace),
                pool.ClientCount,
                pool.Queue.WaitingCount,
                reason is null ? pool.NoRemoteClientReason ?? "kernel" : "user",
                pool.Database.Mirrors?.Sinks.Length ?? 0);

            int In(KernelPlace place) => places.Count(one => one == place);
        }
    }
}
