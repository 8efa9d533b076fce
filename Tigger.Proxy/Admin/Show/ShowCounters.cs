using System.Text.Json;
using Tigger.Telemetry;

namespace Tigger.Admin.Show;

/// <summary>
/// SHOW COUNTERS, Tigger's own: how often each <see cref="PoolerCounter"/> event has happened since the process started, with a
/// kernel path also each <see cref="Tigger.Kernel.KernelCounter"/>, and what the process has allocated on its managed heap, which
/// stands still while clients only run queries.
/// </summary>
public sealed class ShowCounters : IShowCommand
{
    private const string AllocatedBytes = "allocated_bytes";

    private const string KernelPrefix = "kernel_";

    private static readonly (string Name, PoolerCounter Counter)[] Events =
        [.. Enum.GetValues<PoolerCounter>().Select(counter => (JsonNamingPolicy.SnakeCaseLower.ConvertName(counter.ToString()), counter))];

    public string Name => "counters";

    public IReadOnlyList<ResultColumn> Columns { get; } = ResultColumn.List("name:s value:q");

    public void Fill(ResultTable rows, AdminContext context)
    {
        IEnumerable<(string Name, long Value)> values = Events
            .Select(one => (one.Name, context.Registry.Counters[one.Counter]))
            .Append((AllocatedBytes, GC.GetTotalAllocatedBytes(precise: true)))
            .Concat(OfKernel(context));
        foreach ((string name, long value) in values.OrderBy(one => one.Name, StringComparer.Ordinal))
        {
            rows.Add(name, value);
        }
    }

    private static IEnumerable<(string Name, long Value)> OfKernel(AdminContext context) =>
        context.Registry.Kernel?.Path.Counters().Select(one => (KernelPrefix + one.Name, (long)one.Value)) ?? [];
}
