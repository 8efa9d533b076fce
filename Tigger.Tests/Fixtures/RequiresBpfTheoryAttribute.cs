using System.Runtime.CompilerServices;

namespace Tigger.Tests.Fixtures;

/// <summary>A theory about this machine's kernel: skipped where BPF cannot be used, see <see cref="BpfAvailability"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresBpfTheoryAttribute : TheoryAttribute
{
    public RequiresBpfTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (BpfAvailability.SkipReason is { } reason)
            Skip = reason;
    }
}
