using System.Runtime.InteropServices;

namespace Tigger.Net;

/// <summary>Who is at the other end of a unix socket, as the kernel knows it.</summary>
internal static unsafe class UnixPeer
{
    private const int LargestEntry = 16 * 1024;

    /// <summary>glibc's <c>struct passwd</c> is 48 bytes and begins with the name.</summary>
    private const int EntryLength = 64;

    /// <summary>Number of the user who connected; null: it cannot be known.</summary>
    public static uint? UserId(int descriptor)
    {
        // struct ucred: process, user, group.
        int* credentials = stackalloc int[3];
        uint length = 3 * sizeof(int);
        return LibC.GetSocketOption(
            descriptor, LinuxConstants.LevelSocket, LinuxConstants.OptionPeerCredentials, credentials, &length) == 0
            ? (uint)credentials[1]
            : null;
    }

    /// <summary>Name of the user who connected; null: it cannot be known, or the number has no name here.</summary>
    public static string? UserName(int descriptor)
    {
        if (UserId(descriptor) is not { } user)
        {
            return null;
        }

        byte* entry = stackalloc byte[EntryLength];
        byte* result = null;
        byte[] buffer = new byte[LargestEntry];
        fixed (byte* texts = buffer)
        {
            return LibC.GetPasswordEntry(user, entry, texts, LargestEntry, &result) == 0 && result is not null
                ? Marshal.PtrToStringUTF8(*(nint*)entry)
                : null;
        }
    }

    /// <summary>Whether the user who connected runs this process.</summary>
    public static bool IsOwnUser(int descriptor) => UserId(descriptor) == LibC.GetUserId();
}
