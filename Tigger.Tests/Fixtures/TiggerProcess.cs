using System.Globalization;
using System.Text.RegularExpressions;

namespace Tigger.Tests.Fixtures;

/// <summary>The executable under test, with a configuration of its own in a temporary directory.</summary>
public sealed partial class TiggerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly TempDirectory _directory = new("proxy", PoolerProgram.IsReference ? ServiceAccount.Unprivileged : null);
    private ChildProcess? _process;
    private bool _mayEnd;

    private TiggerProcess(TiggerConfigBuilder config)
    {
        Config = config;
        Topology = Topology.Of(config.DataPath);
        Port = FreePort.Next(Topology.Pooler);
    }

    public TiggerConfigBuilder Config { get; }

    public Topology Topology { get; }

    /// <summary>The address the clients of this pooler dial.</summary>
    public string Host => Topology.PoolerHost;

    public int Port { get; }

    /// <summary>The directory of the configuration file; relative paths in it start here.</summary>
    public string Home => _directory.Path;

    public string ConfigFile => _directory.File(PoolerProgram.IsReference ? "pgbouncer.ini" : "tigger.yaml");

    public LineLog Log => Process.Error;

    public int Pid => Process.Pid;

    public bool HasExited => Process.HasExited;

    public int ExitCode => Process.ExitCode;

    private ChildProcess Process => _process ?? throw new InvalidOperationException("not started");

    /// <summary>Starts with the given configuration; the listening port is chosen here.</summary>
    public static async Task<TiggerProcess> StartAsync(TiggerConfigBuilder config, Action<TiggerProcess>? prepare = null)
    {
        var tigger = new TiggerProcess(config);
        try
        {
            prepare?.Invoke(tigger);
            await tigger.RunAsync();
            return tigger;
        }
        catch
        {
            tigger._mayEnd = true;
            await tigger.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes the configuration as it now stands in <see cref="Config"/>; the process does not look at it by itself.</summary>
    public void WriteConfig()
    {
        Config.Set("listen_port", Port);
        if (!PoolerProgram.IsReference)
        {
            WriteConfigText(Config.ToYaml());
            return;
        }

        var (ini, users) = Config.ToIni(_directory.File("users.txt"));
        File.WriteAllText(_directory.File("users.txt"), users);
        WriteConfigText(ini);
    }

    public void WriteConfigText(string text) => File.WriteAllText(ConfigFile, text);

    public void Send(Signal signal) => Process.Send(signal);

    /// <summary>Tells the fixture that the end of the process is part of the test, and waits for it.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan? limit = null)
    {
        _mayEnd = true;
        Assert.True(await Process.WaitForExitAsync(limit ?? Eventually.DefaultDeadline), "process does not end\n" + Log.Text);
        return ExitCode;
    }

    /// <summary>
    /// Online restart: starts the program again, which takes over from the process that runs and is the process from now on.
    /// Returns the one before, which is the caller's.
    /// </summary>
    public async Task<ChildProcess> RestartAsync()
    {
        var before = Process;
        _process = ChildProcess.Start(PoolerProgram.Tigger, ["-R", ConfigFile], workingDirectory: Home, network: Topology.Pooler);
        await Eventually.TrueAsync(() => HasExited || Log.Contains("process up"), "the new process is up", StartLimit);
        Assert.False(HasExited, Log.Text);
        return before;
    }

    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes()
    {
        var line = File.ReadLines($"/proc/{Pid}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Processor time of all threads so far, user and system.</summary>
    public TimeSpan ProcessorTime()
    {
        const int MillisecondsPerTick = 10;
        var stat = File.ReadAllText($"/proc/{Pid}/stat");
        // Counted from behind the name, which may hold blanks: utime is the 12th field, stime the 13th.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromMilliseconds(ticks * MillisecondsPerTick);
    }

    public int OpenFiles() => Directory.GetFileSystemEntries($"/proc/{Pid}/fd").Length;

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_process is not null)
                await EndAsync(_process);
        }
        finally
        {
            if (_process is not null)
                await _process.DisposeAsync();
            _directory.Dispose();
        }
    }

    private async Task RunAsync()
    {
        WriteConfig();
        _process = PoolerProgram.Reference is { } reference
            ? ChildProcess.Start(reference, [ConfigFile], ServiceAccount.Unprivileged, workingDirectory: Home)
            : ChildProcess.Start(PoolerProgram.Tigger, ["run", "-c", ConfigFile], workingDirectory: Home, network: Topology.Pooler);
        await Eventually.TrueAsync(() => HasExited || Log.Contains("process up"), "log line with \"process up\"", StartLimit);
        if (HasExited)
        {
            await _process.WaitForExitAsync(StartLimit);
            throw new InvalidOperationException($"ended at start with code {ExitCode}\n{Log.Text}\n{_process.Output.Text}");
        }

        await using var probe = await ConnectAsync();
    }

    private async Task EndAsync(ChildProcess process)
    {
        var crashed = process.HasExited && !_mayEnd;
        if (!process.HasExited)
        {
            process.Send(Signal.Cont);
            process.Send(Signal.Quit);
            Assert.True(await process.WaitForExitAsync(TimeSpan.FromSeconds(15)), "SIGQUIT does not end the process\n" + Log.Text);
        }

        Assert.False(crashed, $"the process ended by itself with code {(process.HasExited ? process.ExitCode : 0)}\n{Log.Text}");
        var alarming = Log.Lines.FirstOrDefault(line => Alarming().IsMatch(line));
        Assert.True(alarming is null, $"logged: {alarming}\n{Log.Text}");
    }

    [GeneratedRegex("unhandled|FATAL.*Assert", RegexOptions.IgnoreCase)]
    private static partial Regex Alarming();
}
