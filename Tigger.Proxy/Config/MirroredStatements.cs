namespace Tigger.Config;

/// <summary>Which transactions a mirror gets; decided for each as a whole.</summary>
public enum MirroredStatements
{
    All,

    /// <summary>Those that read only, as far as their statements tell.</summary>
    Reads,

    /// <summary>All others.</summary>
    Writes,
}
