using System.Text;

namespace Tigger.Tests.Fixtures;

/// <summary>A program in a terminal of its own: tmux keeps the screen, and presses keys.</summary>
public sealed class Terminal : IAsyncDisposable
{
    private const string Session = "test";
    private const string Tmux = "/usr/bin/tmux";

    private readonly TempDirectory _directory = new("tmux");

    private Terminal()
    {
    }

    private string Socket => _directory.File("tmux");

    public static async Task<Terminal> StartAsync(string program, IEnumerable<string> arguments, int columns = 130, int lines = 36)
    {
        Assert.True(File.Exists(Tmux), "tmux is missing: make test-deps");
        var terminal = new Terminal();
        await terminal.RunAsync(["new-session", "-d", "-s", Session, "-x", $"{columns}", "-y", $"{lines}", "--", program, .. arguments]);
        return terminal;
    }

    /// <summary>Names of keys as tmux has them: a letter, Tab, Enter, Escape, Down.</summary>
    public Task PressAsync(params string[] keys) => RunAsync(["send-keys", "-t", Session, .. keys]);

    /// <summary>What is on the screen; empty when the program has ended.</summary>
    public async Task<string> ScreenAsync() => await HasEndedAsync() ? "" : await RunAsync(["capture-pane", "-p", "-t", Session]);

    public async Task<bool> HasEndedAsync() => (await ToolAsync(["has-session", "-t", Session])).ExitCode != 0;

    public async Task WaitForAsync(string text)
    {
        var screen = "";
        await Eventually.TrueAsync(
            async () => (screen = await ScreenAsync()).Contains(text, StringComparison.Ordinal), () => $"\"{text}\" on the screen\n{screen}");
    }

    /// <summary>Keeps the screen for people to look at.</summary>
    public async Task SaveAsync(string name) => await Artifacts.SaveAsync(name, Encoding.UTF8.GetBytes(await ScreenAsync()));

    public async ValueTask DisposeAsync()
    {
        await ToolAsync(["kill-server"]);
        _directory.Dispose();
    }

    private async Task<string> RunAsync(IEnumerable<string> arguments) => (await ToolAsync(arguments)).Succeeded().Output;

    // -u: the program writes UTF-8 whatever the locale of the tests is.
    private Task<ToolResult> ToolAsync(IEnumerable<string> arguments) =>
        PgTools.RunProgramAsync(Tmux, ["-u", "-S", Socket, "-f", "/dev/null", .. arguments], variables: ("TERM", "xterm-256color"));
}
