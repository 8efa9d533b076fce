namespace Tigger.Config;

/// <summary>Whether the kernel's age is looked at (<c>kernel_path</c>).</summary>
public enum KernelPathMode
{
    /// <summary>What a kernel is known to do wrong is left to user space, and so is what it does no better.</summary>
    Auto,

    /// <summary>For tests: everything is tried.</summary>
    Force,
}
