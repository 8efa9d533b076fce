using System.Runtime.InteropServices;

namespace Tigger.Auth.Pam;

/// <summary>PAM's <c>struct pam_message</c>: one question or remark of a module.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PamMessage
{
    public int Style;
    public byte* Text;
}
