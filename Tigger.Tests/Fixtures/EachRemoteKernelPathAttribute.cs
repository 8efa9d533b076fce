namespace Tigger.Tests.Fixtures;

/// <summary>The same for the kernel paths that cross a network.</summary>
public sealed class EachRemoteKernelPathAttribute(params object[] arguments) : EachDataPathAttribute(arguments)
{
    protected override IEnumerable<DataPath> Paths => DataPaths.All.Where(path => path.IsInKernel() && !path.IsLocal());
}
