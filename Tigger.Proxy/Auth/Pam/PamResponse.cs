using System.Runtime.InteropServices;

namespace Tigger.Auth.Pam;

/// <summary>PAM's <c>struct pam_response</c>: the answer to one message.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PamResponse
{
    /// <summary>Zero-terminated, from malloc(3); the library frees it.</summary>
    public byte* Text;

    /// <summary>Always 0.</summary>
    public int ReturnCode;
}
