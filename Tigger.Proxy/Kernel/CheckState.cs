namespace Tigger.Kernel;

/// <summary>How a check ended.</summary>
public enum CheckState
{
    Ok,

    /// <summary>The kernel path can run, with a limit that the finding names.</summary>
    Warn,

    /// <summary>The kernel path cannot run.</summary>
    Fail,
}
