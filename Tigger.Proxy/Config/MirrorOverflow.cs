namespace Tigger.Config;

/// <summary>What happens to a transaction for which a mirror has no room.</summary>
public enum MirrorOverflow
{
    /// <summary>The mirror does not get it, and counts it.</summary>
    DropTransaction,
}
