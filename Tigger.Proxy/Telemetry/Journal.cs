namespace Tigger.Telemetry;

/// <summary>
/// Whether standard error goes to systemd's journal, which takes a line's priority from <c>&lt;N&gt;</c> in front of it (sd-daemon(3)).
/// </summary>
internal static class Journal
{
    private const string Socket = "socket:[";

    public static bool HasStandardError() => IsItsStream(
        Environment.GetEnvironmentVariable("JOURNAL_STREAM"), new FileInfo("/proc/self/fd/2").LinkTarget);

    /// <param name="variable">JOURNAL_STREAM: device and inode of the journal's socket.</param>
    /// <param name="standardError">What /proc says of the descriptor; all sockets are of one device, so the inode is enough.</param>
    internal static bool IsItsStream(string? variable, string? standardError) =>
        variable?.Split(':') is [_, var inode]
        && standardError is not null
        && standardError.StartsWith(Socket, StringComparison.Ordinal)
        && standardError[Socket.Length..^1] == inode;
}
