using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Tigger.Tests.Fixtures;

/// <summary>Theory rows: one per data path, followed by the given arguments. May be repeated.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public class EachDataPathAttribute(params object[] arguments) : DataAttribute
{
    public object[] Arguments { get; } = arguments;

    protected virtual IEnumerable<DataPath> Paths => DataPaths.All;

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        IReadOnlyCollection<ITheoryDataRow> rows = DataPaths.Rows(Paths, Arguments).ToList();
        return new(rows);
    }

    public override bool SupportsDiscoveryEnumeration() => true;
}
