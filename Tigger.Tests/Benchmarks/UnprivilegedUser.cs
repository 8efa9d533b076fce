using System.Diagnostics;

namespace Tigger.Benchmarks;

/// <summary>
/// PostgreSQL and PgBouncer refuse to run as root. Called by root, this starts them as another user;
/// called by anyone else, as the caller.
/// </summary>
internal static class UnprivilegedUser
{
    private static readonly string? Name = LibC.GetEffectiveUserId() == 0 ? Find() : null;

    public static ProcessStartInfo Command(string program, params IReadOnlyList<string> arguments)
    {
        // setpriv replaces itself by the program: the process id we get is the server's own.
        ProcessStartInfo start = Name is null
            ? new(program, arguments)
            : new("setpriv", [$"--reuid={Name}", "--regid=" + Group(Name), "--clear-groups", program, .. arguments]);
        start.WorkingDirectory = "/tmp"; // initdb complains about a current directory it may not read
        return start;
    }

    public static async Task GiveAsync(string path)
    {
        if (Name is not null)
            await Tool.RunAsync(new ProcessStartInfo("chown", [$"{Name}:{Group(Name)}", path]), CancellationToken.None);
    }

    private static string Find()
    {
        HashSet<string> known = [.. File.ReadLines("/etc/passwd").Select(line => line.Split(':')[0])];
        return known.Contains("postgres") ? "postgres" : "nobody";
    }

    private static string Group(string user) => user == "nobody" ? "nogroup" : user;
}
