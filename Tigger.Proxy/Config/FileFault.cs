namespace Tigger.Config;

/// <summary>Why a file cannot be had, in the words of the system and without the path, which the message has anyway.</summary>
internal static class FileFault
{
    public static string Reason(Exception fault) => fault switch
    {
        FileNotFoundException or DirectoryNotFoundException => "No such file or directory",
        UnauthorizedAccessException => "Permission denied",
        _ => fault.Message,
    };
}
