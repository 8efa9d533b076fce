namespace Tigger.Kernel;

/// <summary>Whether the kernel path for co-located ends can run here, and why not.</summary>
public sealed record DoctorReport(IReadOnlyList<KernelCheck> Checks)
{
    public bool Usable => Checks.All(check => check.State != CheckState.Fail);

    /// <summary>The failed checks, one line each; empty when <see cref="Usable"/>.</summary>
    public IReadOnlyList<string> Reasons =>
        [.. Checks.Where(check => check.State == CheckState.Fail).Select(check => $"{check.Name}: {check.Finding}")];
}
