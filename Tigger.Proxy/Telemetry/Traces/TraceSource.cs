using System.Diagnostics;
using Tigger.Hosting;

namespace Tigger.Telemetry.Traces;

/// <summary>Where spans come from; a listener, such as OpenTelemetry's, takes them.</summary>
internal sealed class TraceSource(PoolerCounters counters) : IDisposable
{
    /// <summary>Name of the <see cref="ActivitySource"/>.</summary>
    public const string Name = "Tigger";

    /// <summary>Somebody takes spans.</summary>
    public bool IsExported { get; set; }

    public PoolerCounters Counters { get; } = counters;

    public ActivitySource Activities { get; } = new(Name, ProductVersion.Text);

    public void Dispose() => Activities.Dispose();
}
