namespace Tigger.Mirroring;

/// <summary>How a transaction went on a mirror beside the primary.</summary>
public enum MirrorComparison
{
    /// <summary>No error on either.</summary>
    BothSucceeded,

    /// <summary>Both failed, with the same SQLSTATE first.</summary>
    SameError,

    /// <summary>An error on the mirror only.</summary>
    MirrorFailed,

    /// <summary>An error on the primary only.</summary>
    PrimaryFailed,

    /// <summary>Both failed, for different reasons.</summary>
    CodesDiffer,
}
