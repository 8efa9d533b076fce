using System.Runtime.InteropServices;

namespace Tigger.Kernel.Interop;

/// <summary>Owns descriptors that came from before execve(2).</summary>
internal sealed class DescriptorsHandle : SafeHandle
{
    private readonly int[] _descriptors;

    public DescriptorsHandle(IEnumerable<int> descriptors)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        _descriptors = [.. descriptors];
        SetHandle(1);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => Array.TrueForAll(_descriptors, descriptor => Net.LibC.Close(descriptor) == 0);
}
