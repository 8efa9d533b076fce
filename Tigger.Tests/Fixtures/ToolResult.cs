namespace Tigger.Tests.Fixtures;

/// <summary>What a command line tool left behind.</summary>
public sealed record ToolResult(int ExitCode, string Output, string Error)
{
    public string All => Output + "\n" + Error;

    public ToolResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{All}");
        return this;
    }
}
