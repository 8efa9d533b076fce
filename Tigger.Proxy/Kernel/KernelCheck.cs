namespace Tigger.Kernel;

/// <summary>One thing the kernel path needs, and what was found.</summary>
/// <param name="Name">A few words.</param>
/// <param name="State">What it means for the kernel path.</param>
/// <param name="Finding">What is the case, in one line.</param>
/// <param name="Remedy">What to do about it; null when there is nothing to do.</param>
public sealed record KernelCheck(string Name, CheckState State, string Finding, string? Remedy = null)
{
    public static KernelCheck Ok(string name, string finding) => new(name, CheckState.Ok, finding);

    public static KernelCheck Warn(string name, string finding, string? remedy = null) => new(name, CheckState.Warn, finding, remedy);

    public static KernelCheck Fail(string name, string finding, string? remedy = null) => new(name, CheckState.Fail, finding, remedy);
}
