namespace Tigger.Config;

/// <summary>A value as it was written, with its place. Maps keep their pairs in order and with duplicates, so that those can be reported.</summary>
internal sealed record ConfigNode(ConfigNodeKind Kind, ConfigMark Mark)
{
    /// <summary>Text of a scalar; an unquoted <c>~</c> or <c>null</c> is empty.</summary>
    public string Text { get; init; } = "";

    public IReadOnlyList<ConfigNode> Items { get; init; } = [];

    public IReadOnlyList<(ConfigNode Key, ConfigNode Value)> Pairs { get; init; } = [];

    public bool IsEmptyScalar => Kind == ConfigNodeKind.Scalar && Text.Length == 0;

    public string Describe() => Kind switch
    {
        ConfigNodeKind.Map => "a map",
        ConfigNodeKind.List => "a list",
        _ => IsEmptyScalar ? "nothing" : "a single value",
    };
}
