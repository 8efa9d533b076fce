namespace Tigger.Tests.Fixtures;

/// <summary>The same for the paths on which the kernel moves the bytes.</summary>
public sealed class EachKernelPathAttribute(params object[] arguments) : EachDataPathAttribute(arguments)
{
    protected override IEnumerable<DataPath> Paths => DataPaths.All.Where(DataPaths.IsInKernel);
}
