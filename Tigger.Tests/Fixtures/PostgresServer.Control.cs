using System.Globalization;
using Npgsql;

namespace Tigger.Tests.Fixtures;

/// <summary>Starting, stopping and breaking the server.</summary>
public sealed partial class PostgresServer
{
    private string PidFile => Path.Combine(DataDirectory, "postmaster.pid");

    public async Task StartAsync()
    {
        // Where the pooler is on another host, this is what it can reach.
        var addresses = "127.0.0.1,::1" + (await RemoteHost.IsThereAsync() ? $",{RemoteHost.NearAddress},{RemoteHost.NearAddress6}" : "");
        // The shell only opens the log file; exec keeps the pid, so that signals reach the postmaster itself.
        string[] arguments =
        [
            "-c", "exec \"$@\" >>\"$0\" 2>&1", LogFile,
            PostgresBinaries.Of("postgres"), "-D", DataDirectory, "-p", $"{Port}", "-k", SocketDirectory,
            "-c", $"listen_addresses={addresses}", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
            "-c", "max_connections=300", "-c", "shared_buffers=64MB", "-c", "dynamic_shared_memory_type=mmap",
            "-c", "max_prepared_transactions=10", "-c", "log_line_prefix=%m [%p] %u@%d ",
        ];
        if (_postmaster is not null)
            await _postmaster.DisposeAsync();
        // QUIT: should the test host die, the postmaster takes its backends with it at once.
        _postmaster = ChildProcess.Start("/bin/sh", arguments, ServiceAccount.Unprivileged, deathSignal: "QUIT");
        await Eventually.TrueAsync(AcceptsAsync, "PostgreSQL accepts connections\n" + ReadLog(), TimeSpan.FromSeconds(60));
    }

    /// <summary>Int: fast shutdown. Quit: immediate, as in a crash. Term: waits for clients.</summary>
    public async Task StopAsync(Signal signal = Signal.Int)
    {
        _postmaster!.Send(signal);
        if (await _postmaster.WaitForExitAsync(TimeSpan.FromSeconds(30)))
            return;
        await Kill9Async();
        Assert.Fail($"PostgreSQL did not stop on {signal}");
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Restarts it as a standby that waits for a primary which never comes, until pg_promote().</summary>
    public async Task BecomeStandbyAsync()
    {
        await StopAsync();
        await File.WriteAllTextAsync(Path.Combine(DataDirectory, "standby.signal"), "");
        await StartAsync();
    }

    public Task TerminateBackendAsync(int pid) => ScalarAsync<bool>($"SELECT pg_terminate_backend({pid})");

    /// <summary>SIGKILL to one backend: PostgreSQL throws every other session out and recovers.</summary>
    public static void Kill9Backend(int pid) => _ = LibC.Kill(pid, (int)Signal.Kill);

    /// <summary>The whole server dies without a word, as when its host loses power.</summary>
    public async Task Kill9Async()
    {
        var segment = SharedMemoryId();
        var postmaster = _postmaster!.Pid;
        var children = ChildrenOf(postmaster);
        // The postmaster first, or it would see its children die and start recovery.
        _postmaster.Send(Signal.Kill);
        foreach (var child in children)
            _ = LibC.Kill(child, (int)Signal.Kill);
        await _postmaster.WaitForExitAsync(TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync(() => children.All(pid => !Directory.Exists($"/proc/{pid}")), "backends are gone");
        // Nobody is left to remove the interlock segment.
        if (segment is not null)
            await PgTools.RunProgramAsync("ipcrm", ["-m", segment]);
    }

    /// <summary>Stops every process of the server where it stands.</summary>
    public void Freeze() => SendToAll(Signal.Stop);

    /// <summary>Lets them go on.</summary>
    public void Thaw() => SendToAll(Signal.Cont);

    private void SendToAll(Signal signal)
    {
        // The postmaster first: it must not fork while we look.
        _postmaster!.Send(signal);
        foreach (var child in ChildrenOf(_postmaster.Pid))
            _ = LibC.Kill(child, (int)signal);
    }

    private static List<int> ChildrenOf(int parent)
    {
        var children = new List<int>();
        foreach (var directory in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid))
                continue;
            try
            {
                var stat = File.ReadAllText(Path.Combine(directory, "stat"));
                // The name is in brackets and may hold blanks; the parent is the second field after it.
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                if (int.Parse(fields[1], CultureInfo.InvariantCulture) == parent)
                    children.Add(pid);
            }
            catch (IOException)
            {
                // It ended while we looked.
            }
        }

        return children;
    }

    private string? SharedMemoryId()
    {
        var line = File.Exists(PidFile) ? File.ReadLines(PidFile).ElementAtOrDefault(6) : null;
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(1);
    }

    private async Task<bool> AcceptsAsync()
    {
        Assert.False(_postmaster!.HasExited, "PostgreSQL ended at start:\n" + ReadLog());
        try
        {
            await using var connection = await ConnectAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
