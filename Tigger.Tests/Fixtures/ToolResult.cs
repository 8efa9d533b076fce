using System.Globalization;
using System.Text.RegularExpressions;

namespace Tigger.Tests.Fixtures;

/// <summary>What a command line tool left behind.</summary>
public sealed partial record ToolResult(int ExitCode, string Output, string Error)
{
    public string All => Output + "\n" + Error;

    /// <summary>What pgbench says it has done.</summary>
    public int Transactions => int.Parse(ProcessedPattern().Match(Output).Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    public ToolResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{All}");
        return this;
    }

    [GeneratedRegex(@"transactions actually processed: (\d+)")]
    private static partial Regex ProcessedPattern();
}
