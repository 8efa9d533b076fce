using Microsoft.Win32.SafeHandles;

namespace Tigger.Kernel.Interop;

/// <summary>Owns a <c>struct bpf_object</c>: its programs and maps leave the kernel with it, unless something else holds them.</summary>
internal sealed class BpfObjectHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibBpf.CloseObject(handle);
        return true;
    }
}
