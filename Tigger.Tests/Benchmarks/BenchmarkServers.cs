using System.Diagnostics;

namespace Tigger.Benchmarks;

/// <summary>The throwaway PostgreSQL and the poolers in front of it. Disposing stops them all and removes their files.</summary>
internal sealed class BenchmarkServers : IAsyncDisposable
{
    public const string User = "bench";
    public const string Database = "bench";

    private static readonly TimeSpan PatienceWithStart = TimeSpan.FromSeconds(20);

    private readonly BenchmarkOptions _options;
    private readonly BenchmarkHosts _hosts;
    private readonly string _directory = Directory.CreateTempSubdirectory("tigger-bench-").FullName;
    private readonly Stack<ChildProcess> _started = new();
    private ChildProcess? _postgres;
    private int _postgresPort;

    public BenchmarkServers(BenchmarkOptions options, BenchmarkHosts hosts)
    {
        _options = options;
        _hosts = hosts;
    }

    /// <summary>The database of a mirror; that of mirror 0 is the primary's.</summary>
    public static string MirrorOf(int number) => number == 0 ? Database : $"{Database}{number}";

    /// <summary>Where pgbench may leave its logs.</summary>
    public string WorkDirectory => _directory;

    public async Task StartPostgresAsync(CancellationToken cancellation)
    {
        await UnprivilegedUser.GiveAsync(_directory);
        string data = Path.Combine(_directory, "data");
        await Tool.RunAsync(
            UnprivilegedUser.Command(Tool.Require("initdb"), "-D", data, "-U", User, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"),
            cancellation);

        await File.AppendAllTextAsync(Path.Combine(data, "pg_hba.conf"), $"host all all {_hosts.Network} trust\n", cancellation);

        if (_options.Tls)
            await ServerCertificate.WriteAsync(_directory, cancellation);

        _postgresPort = FreePort.Next();
        await RestartPostgresAsync(cancellation);
        foreach (string database in Enumerable.Range(0, _options.Targets.Max(Targets.Mirrors) + 1).Select(MirrorOf))
        {
            await PsqlAsync("postgres", _postgresPort, $"create database {database}", cancellation);
            await Tool.RunAsync(
                new ProcessStartInfo(
                    Tool.Require("pgbench"),
                    ["-i", "-q", "-s", $"{_options.Scale}", "-h", "127.0.0.1", "-p", $"{_postgresPort}", "-U", User, database]),
                cancellation);
        }
    }

    /// <summary>Ends all its sessions, if it is running, and starts it at the same port.</summary>
    public async Task RestartPostgresAsync(CancellationToken cancellation)
    {
        if (_postgres is not null)
            await _postgres.DisposeAsync();

        // Nothing that wakes up by itself and nothing that waits for a disk: the difference between the ways in is what is measured.
        _postgres = await StartAsync(
            UnprivilegedUser.Command(
                Tool.Require("postgres"), "-D", Path.Combine(_directory, "data"), "-p", $"{_postgresPort}", "-k", _directory,
                "-c", $"listen_addresses={_hosts.PostgresListen}", "-c", $"max_connections={_options.Clients.Max() + (_options.PoolSizes.Sum() * (Targets.All.Count + _options.Targets.Sum(Targets.Mirrors))) + 50}",
                "-c", "shared_buffers=256MB", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
                "-c", "autovacuum=off", "-c", "jit=off", "-c", "max_wal_size=4GB", "-c", $"ssl={(_options.Tls ? "on" : "off")}",
                "-c", $"ssl_cert_file={ServerCertificate.File(_directory)}", "-c", $"ssl_key_file={ServerCertificate.KeyFile(_directory)}"),
            "postgres", "postgres", _postgresPort, cancellation);
    }

    /// <summary>A pooler of its own for every size of pool; PostgreSQL itself is the same for all.</summary>
    /// <param name="name">One of <see cref="Targets"/>.</param>
    /// <param name="poolSize">Servers of its pool.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <param name="port">Where an earlier one was, that this one is in place of; any free one unless named.</param>
    public async Task<BenchmarkTarget> StartTargetAsync(string name, int poolSize, CancellationToken cancellation, int? port = null) => Targets.Plain(name) switch
    {
        Targets.PgBouncer => await StartPgBouncerAsync(poolSize, port ?? FreePort.Next(), cancellation),
        Targets.TiggerUser or Targets.TiggerKernel => await StartTiggerAsync(name, poolSize, port ?? FreePort.Next(), cancellation),
        _ => new(name, await Tool.FirstLineAsync(Tool.Require("postgres"), "--version"), _postgresPort, null, true),
    };

    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out ChildProcess? process))
            await process.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task<BenchmarkTarget> StartPgBouncerAsync(int poolSize, int port, CancellationToken cancellation)
    {
        string program = _options.PgBouncerPath ?? Tool.Require("pgbouncer");
        string version = await Tool.FirstLineAsync(program, "-V");
        bool prepares = PoolerConfig.KeepsPreparedStatements(version);
        string file = Path.Combine(_directory, $"pgbouncer-{poolSize}.ini");
        await File.WriteAllTextAsync(file, PoolerConfig.PgBouncer(_directory, _hosts, port, _postgresPort, prepares, poolSize, _options), cancellation);
        await WriteUserListAsync(cancellation);
        ChildProcess process = await StartAsync(
            _hosts.ForPoolers(UnprivilegedUser.Command(program, file)), $"pgbouncer-{poolSize}", Database, port, cancellation);
        return new(Targets.PgBouncer, version, port, process, prepares);
    }

    private async Task<BenchmarkTarget> StartTiggerAsync(string name, int poolSize, int port, CancellationToken cancellation)
    {
        string program = _options.TiggerPath ?? Path.Combine(Repository.Root, "Tigger.Proxy/bin/Release/net10.0/tigger");
        if (!File.Exists(program))
            throw new BenchmarkException($"{program} is missing; run `make build` or give --tigger.");
        string version = await Tool.FirstLineAsync(program, "version");
        string label = $"{name}-{poolSize}";
        string file = Path.Combine(_directory, $"{label}.yaml");
        await File.WriteAllTextAsync(
            file, PoolerConfig.Tigger(_directory, _hosts, port, _postgresPort, poolSize, name, _options), cancellation);
        await WriteUserListAsync(cancellation);
        try
        {
            ChildProcess process = await StartAsync(_hosts.ForPoolers(new(program, ["run", "-c", file])), label, Database, port, cancellation);
            return new(name, version, port, process, true);
        }
        catch (BenchmarkException e) when (Targets.Plain(name) == Targets.TiggerKernel)
        {
            // Not every machine lets us use BPF; the other columns are still worth having.
            return new(name, version, port, null, false, e.Message);
        }
    }

    private Task WriteUserListAsync(CancellationToken cancellation) =>
        File.WriteAllTextAsync(PoolerConfig.UserListFile(_directory), $"\"{User}\" \"\"\n", cancellation);

    private async Task<ChildProcess> StartAsync(
        ProcessStartInfo start, string name, string database, int port, CancellationToken cancellation)
    {
        var process = ChildProcess.Start(start, Path.Combine(_directory, $"{name}.out"));
        _started.Push(process);
        long begin = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await PsqlAsync(database, port, "select 1", cancellation, pooler: database == Database);
                return process;
            }
            catch (BenchmarkException e) when (process.HasExited || Stopwatch.GetElapsedTime(begin) > PatienceWithStart)
            {
                string state = process.HasExited ? "ended at once" : $"does not answer on port {port}";
                throw new BenchmarkException($"{name} {state}; its last words:\n{process.LogTail()}\npsql says: {e.Message}", e);
            }
            catch (BenchmarkException)
            {
                await Task.Delay(100, cancellation); // not up yet
            }
        }
    }

    private Task<string> PsqlAsync(string database, int port, string sql, CancellationToken cancellation, bool pooler = false)
    {
        ProcessStartInfo start = new(
            Tool.Require("psql"), ["-X", "-q", "-A", "-t", "-h", "127.0.0.1", "-p", $"{port}", "-U", User, "-d", database, "-c", sql]);
        start = pooler ? _hosts.ForPoolers(start) : start;
        start.Environment["PGCONNECT_TIMEOUT"] = "5";
        return Tool.RunAsync(start, cancellation);
    }
}
