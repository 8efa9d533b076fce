namespace Tigger.Config;

/// <summary>The three shapes a value can have.</summary>
internal enum ConfigNodeKind
{
    Scalar,
    List,
    Map,
}
