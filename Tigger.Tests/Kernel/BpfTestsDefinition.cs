namespace Tigger.Tests.Kernel;

/// <summary>One after the other: some of them compare what this process holds in the kernel before and after.</summary>
[CollectionDefinition(Name)]
public sealed class BpfTestsDefinition
{
    public const string Name = "BPF";
}
