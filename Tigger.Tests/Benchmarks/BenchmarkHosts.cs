using System.Diagnostics;
using System.Globalization;

namespace Tigger.Benchmarks;

/// <summary>
/// Where pgbench and the poolers run, and by which addresses they find each other and PostgreSQL, which never moves: on this host
/// over loopback, or on another one, which is a network namespace joined to ours by a pair of virtual Ethernet devices. Disposing
/// removes it.
/// </summary>
internal sealed class BenchmarkHosts : IAsyncDisposable
{
    private const string Loopback = "127.0.0.1";

    private string? _network;
    private bool _clientsAreThere;
    private bool _poolersAreThere;
    private string _near = Loopback;
    private string _far = Loopback;

    /// <summary>Where the poolers find PostgreSQL.</summary>
    public string PostgresHost => _poolersAreThere ? _near : Loopback;

    /// <summary>Addresses that PostgreSQL listens on.</summary>
    public string PostgresListen => _network is null ? Loopback : $"{Loopback},{_near}";

    /// <summary>Addresses that the poolers listen on.</summary>
    public string PoolerListen => _network is null ? Loopback : $"{Loopback},{(_poolersAreThere ? _far : _near)}";

    /// <summary>Addresses that may log in to PostgreSQL.</summary>
    public string Network => $"{_near}/30";

    /// <param name="clients">They are on another host than the poolers.</param>
    /// <param name="servers">PostgreSQL is.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="BenchmarkException">This process may not make a namespace.</exception>
    public static async Task<BenchmarkHosts> MakeAsync(bool clients, bool servers, CancellationToken cancellation)
    {
        BenchmarkHosts made = new() { _clientsAreThere = clients != servers, _poolersAreThere = servers };
        if (!clients && !servers)
            return made;

        // Runs side by side differ by their process id.
        int number = Environment.ProcessId % (1 << 14);
        string subnet = string.Create(CultureInfo.InvariantCulture, $"10.214.{number >> 6}");
        int first = (number & 63) << 2;
        string device = $"tb{Environment.ProcessId}";
        made._network = $"tigger-bench-{Environment.ProcessId}";
        made._near = $"{subnet}.{first + 1}";
        made._far = $"{subnet}.{first + 2}";
        try
        {
            await ShellAsync(
                $"""
                ip netns add {made._network}
                ip link add {device} type veth peer name eth0 netns {made._network}
                ip address add {made._near}/30 dev {device}
                ip link set {device} up
                ip -n {made._network} address add {made._far}/30 dev eth0
                ip -n {made._network} link set eth0 up
                ip -n {made._network} link set lo up
                """,
                cancellation);
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where the clients find PostgreSQL or, if <paramref name="pooled"/>, a pooler.</summary>
    public string HostFor(bool pooled) => (pooled, _clientsAreThere, _poolersAreThere) switch
    {
        (true, false, true) => _far,
        (true, true, false) or (false, true, _) => _near,
        _ => Loopback,
    };

    /// <summary>The same command, run where the clients are.</summary>
    public ProcessStartInfo ForClients(ProcessStartInfo command) => _clientsAreThere ? There(command) : command;

    /// <summary>The same command, run where the poolers are.</summary>
    public ProcessStartInfo ForPoolers(ProcessStartInfo command) => _poolersAreThere ? There(command) : command;

    public async ValueTask DisposeAsync()
    {
        if (_network is not null)
        {
            // Takes the devices with it.
            await ShellAsync($"ip netns del {_network} || true", CancellationToken.None);
        }
    }

    /// <summary>nsenter replaces itself by the program: the process id is the program's own.</summary>
    private ProcessStartInfo There(ProcessStartInfo command) => new(
        Tool.Require("nsenter"), [$"--net=/run/netns/{_network}", command.FileName, .. command.ArgumentList])
    {
        WorkingDirectory = command.WorkingDirectory,
    };

    private static Task<string> ShellAsync(string script, CancellationToken cancellation) =>
        Tool.RunAsync(new ProcessStartInfo("/bin/sh", ["-ec", $"PATH=$PATH:/usr/sbin:/sbin\n{script}"]), cancellation);
}
