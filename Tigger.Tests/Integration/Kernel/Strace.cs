using System.Globalization;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>Counts the system calls of a process while it is attached.</summary>
internal sealed class Strace : IAsyncDisposable
{
    private const string Program = "/usr/bin/strace";

    private readonly ChildProcess _process;

    private Strace(ChildProcess process) => _process = process;

    public static bool IsThere => File.Exists(Program);

    /// <summary>Returns when it sees every thread.</summary>
    public static async Task<Strace> AttachAsync(int pid, string calls)
    {
        var strace = new Strace(ChildProcess.Start(Program, ["-f", "-c", "-S", "name", "-e", $"trace={calls}", "-p", $"{pid}"]));
        await Eventually.TrueAsync(
            () => strace._process.HasExited || strace._process.Error.Lines.Any(line => line.Contains(" attached", StringComparison.Ordinal)), "strace attaches");
        Assert.SkipWhen(
            strace._process.HasExited, $"strace may not look whether BPF spares system calls: {strace._process.Error.Text}");
        return strace;
    }

    /// <summary>How often each call was made.</summary>
    public async Task<IReadOnlyDictionary<string, long>> DetachAsync()
    {
        _process.Send(Signal.Int);
        Assert.True(await _process.WaitForExitAsync(TimeSpan.FromSeconds(20)), "strace does not end");

        // ` 12.34    0.000123           4        27           sendto`, with a column of errors before the name if there were any
        var calls = new Dictionary<string, long>();
        foreach (var line in _process.Error.Lines)
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length is 5 or 6 && fields[^1] != "total"
                && double.TryParse(fields[0], CultureInfo.InvariantCulture, out _) && long.TryParse(fields[3], CultureInfo.InvariantCulture, out var count))
            {
                calls[fields[^1]] = count;
            }
        }

        return calls;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
