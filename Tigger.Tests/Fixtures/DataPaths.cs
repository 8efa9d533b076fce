namespace Tigger.Tests.Fixtures;

/// <summary>Every data path the behaviour tests run over.</summary>
public static class DataPaths
{
    public static IReadOnlyList<DataPath> All { get; } = [DataPath.User];
}
