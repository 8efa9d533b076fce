using System.Diagnostics;
using System.Globalization;

namespace Tigger.Benchmarks;

/// <summary>
/// Where pgbench runs and how it finds the servers: on this host over loopback, or on another one, which is a network namespace
/// joined to ours by a pair of virtual Ethernet devices. Disposing removes both.
/// </summary>
internal sealed class RemoteClients : IAsyncDisposable
{
    private readonly string? _network;

    private RemoteClients(string? network, string host)
    {
        _network = network;
        Host = host;
    }

    /// <summary>The servers' address.</summary>
    public string Host { get; }

    /// <summary>Addresses that servers listen on.</summary>
    public string Listen => _network is null ? Host : $"127.0.0.1,{Host}";

    /// <summary>pgbench beside the servers.</summary>
    public static RemoteClients None() => new(null, "127.0.0.1");

    /// <exception cref="BenchmarkException">This process may not make a namespace.</exception>
    public static async Task<RemoteClients> MakeAsync(CancellationToken cancellation)
    {
        // Runs side by side differ by their process id.
        int number = Environment.ProcessId % (1 << 14);
        string subnet = string.Create(CultureInfo.InvariantCulture, $"10.214.{number >> 6}");
        int first = (number & 63) << 2;
        string network = $"tigger-bench-{Environment.ProcessId}";
        string device = $"tb{Environment.ProcessId}";
        RemoteClients made = new(network, $"{subnet}.{first + 1}");
        try
        {
            await ShellAsync(
                $"""
                ip netns add {network}
                ip link add {device} type veth peer name eth0 netns {network}
                ip address add {made.Host}/30 dev {device}
                ip link set {device} up
                ip -n {network} address add {subnet}.{first + 2}/30 dev eth0
                ip -n {network} link set eth0 up
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

    /// <summary>The same command, run where the clients are.</summary>
    public ProcessStartInfo Command(string program, params IEnumerable<string> arguments) =>
        _network is null
            ? new(program, arguments)
            : new(Tool.Require("nsenter"), [$"--net=/run/netns/{_network}", program, .. arguments]);

    public async ValueTask DisposeAsync()
    {
        if (_network is not null)
        {
            // Takes the devices with it.
            await ShellAsync($"ip netns del {_network} || true", CancellationToken.None);
        }
    }

    private static Task<string> ShellAsync(string script, CancellationToken cancellation) =>
        Tool.RunAsync(new ProcessStartInfo("/bin/sh", ["-ec", $"PATH=$PATH:/usr/sbin:/sbin\n{script}"]), cancellation);
}
