using System.Runtime.InteropServices;

namespace Tigger.Auth.Pam;

/// <summary>The calls of Linux-PAM's library. Each returns 0 or an error that <see cref="ErrorText"/> explains.</summary>
internal static unsafe partial class LibPam
{
    public const int Success = 0;
    public const int ConversationError = 19;
    public const int PromptEchoOff = 1;
    public const int ItemRemoteHost = 4;
    public const int Silent = 0x8000;

    private const string Library = "libpam.so.0";

    [LibraryImport(Library, EntryPoint = "pam_start", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Start(string service, string user, PamConversation* conversation, out nint handle);

    [LibraryImport(Library, EntryPoint = "pam_set_item", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetItem(nint handle, int item, string value);

    [LibraryImport(Library, EntryPoint = "pam_authenticate")]
    public static partial int Authenticate(nint handle, int flags);

    [LibraryImport(Library, EntryPoint = "pam_acct_mgmt")]
    public static partial int AccountManagement(nint handle, int flags);

    [LibraryImport(Library, EntryPoint = "pam_end")]
    public static partial int End(nint handle, int status);

    public static string ErrorText(nint handle, int error) => Marshal.PtrToStringUTF8(ErrorPointer(handle, error)) ?? $"error {error}";

    /// <summary>The library frees the answers of a conversation with free(3), so they come from there.</summary>
    [LibraryImport("libc", EntryPoint = "calloc")]
    public static partial void* Allocate(nuint count, nuint size);

    [LibraryImport(Library, EntryPoint = "pam_strerror")]
    private static partial nint ErrorPointer(nint handle, int error);
}
