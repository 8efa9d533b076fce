using System.Runtime.InteropServices;

namespace Tigger.Auth.Pam;

/// <summary>PAM's <c>struct pam_conv</c>: who answers what the modules ask.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PamConversation
{
    public delegate* unmanaged<int, PamMessage**, PamResponse**, nint, int> Ask;

    /// <summary>Given back to <see cref="Ask"/> as its last argument.</summary>
    public nint Data;
}
