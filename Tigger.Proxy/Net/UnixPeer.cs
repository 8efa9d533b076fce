using System.Runtime.InteropServices;

namespace Tigger.Net;

/// <summary>Who is at the other end of a unix socket, as the kernel knows it.</summary>
internal static unsafe class UnixPeer
{
    private const int LargestEntry = 16 * 1024;

    /// <summary>glibc's <c>struct passwd</c> is 48 bytes and begins with the name.</summary>
    private const int EntryLength = 64;

    /// <summary>Number of the user who connected; null: it cannot be known.</summary>
    public static uint? UserId(int descriptor) => Credential(descriptor, 1) is { } user ? (uint)user : null;

    /// <summary>Number of the process that connected; null: it cannot be known.</summary>
    public static int? ProcessId(int descriptor) => Credential(descriptor, 0);

    /// <param name="descriptor">The socket.</param>
    /// <param name="index">Of a field of struct ucred: process, user, group.</param>
    private static int? Credential(int descriptor, int index)
    {
        int* credentials = stackalloc int[3];
        uint length = 3 * sizeof(int);
        return LibC.GetSocketOption(
            descriptor, LinuxConstants.LevelSocket, LinuxConstants.OptionPeerCredentials, credentials, &length) == 0
            ? credentials[index]
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
