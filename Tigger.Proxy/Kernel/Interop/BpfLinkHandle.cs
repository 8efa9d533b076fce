using Microsoft.Win32.SafeHandles;

namespace Tigger.Kernel.Interop;

/// <summary>
/// Owns an attachment. The kernel ends it when the last descriptor of the link is closed, so it does not outlive this
/// process however that dies. Independent of the object the program came from.
/// </summary>
internal sealed class BpfLinkHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => LibBpf.DestroyLink(handle) == 0;
}
