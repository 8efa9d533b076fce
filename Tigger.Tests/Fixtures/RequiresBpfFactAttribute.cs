using System.Runtime.CompilerServices;

namespace Tigger.Tests.Fixtures;

/// <summary>A fact about this machine's kernel: skipped where BPF cannot be used, see <see cref="BpfAvailability"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresBpfFactAttribute : FactAttribute
{
    public RequiresBpfFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (BpfAvailability.SkipReason is { } reason)
            Skip = reason;
    }
}
