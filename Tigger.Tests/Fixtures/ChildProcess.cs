using System.Diagnostics;

namespace Tigger.Tests.Fixtures;

/// <summary>
/// A process in a session of its own, so that it and its children can be killed by group, and which the kernel kills
/// should the test host die first.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _readers;

    private ChildProcess(Process process)
    {
        _process = process;
        Pid = process.Id;
        _readers = Task.WhenAll(ReadAsync(process.StandardOutput, Output), ReadAsync(process.StandardError, Error));
    }

    public int Pid { get; }

    public LineLog Output { get; } = new();

    public LineLog Error { get; } = new();

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public static ChildProcess Start(
        string file,
        IEnumerable<string> arguments,
        ServiceAccount? account = null,
        string deathSignal = "KILL",
        IReadOnlyDictionary<string, string>? environment = null,
        string? workingDirectory = null,
        NetworkNamespace? network = null)
    {
        var start = new ProcessStartInfo("setsid") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add("setpriv");
        start.ArgumentList.Add($"--pdeathsig={deathSignal}");
        if (account is not null)
        {
            start.ArgumentList.Add($"--reuid={account.User}");
            start.ArgumentList.Add($"--regid={account.Group}");
            start.ArgumentList.Add("--clear-groups");
        }

        start.ArgumentList.Add(file);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        start.WorkingDirectory = workingDirectory ?? Path.GetTempPath();
        var process = Spawner.Run(() => network is null ? Process.Start(start)! : network.Run(() => Process.Start(start)!));
        process.StandardInput.Close();
        return new(process);
    }

    public void Send(Signal signal)
    {
        if (!HasExited)
            _ = LibC.Kill(Pid, (int)signal);
    }

    public async Task<bool> WaitForExitAsync(TimeSpan limit)
    {
        using var source = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(source.Token);
            await Task.WhenAny(_readers, Task.Delay(TimeSpan.FromSeconds(2), CancellationToken.None));
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public async Task KillGroupAsync()
    {
        if (!HasExited)
            _ = LibC.Kill(-Pid, (int)Signal.Kill);
        await WaitForExitAsync(TimeSpan.FromSeconds(10));
    }

    public async ValueTask DisposeAsync()
    {
        await KillGroupAsync();
        _process.Dispose();
    }

    private static async Task ReadAsync(StreamReader reader, LineLog log)
    {
        while (await reader.ReadLineAsync() is { } line)
            log.Add(line);
    }
}
