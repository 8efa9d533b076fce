namespace Tigger.Tests.Integration;

/// <summary>Tests that measure the whole machine run when no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneDefinition
{
    public const string Name = "alone";
}
