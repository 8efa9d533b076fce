using System.Globalization;
using Tigger.Kernel;

namespace Tigger.Tests.Fixtures;

/// <summary>
/// Another host, as far as TCP can tell: one network namespace per run, joined to ours by a pair of virtual Ethernet devices.
/// See <see cref="Topology"/> for who lives there.
/// </summary>
public static class RemoteHost
{
    private const int DistantNetworks = 214;

    /// <summary>Runs side by side differ by their process id, which gives them networks and a device of their own.</summary>
    private static readonly int Network4 = Environment.ProcessId % (1 << 14);

    private static readonly string Device = $"tg{Environment.ProcessId}";
    private static readonly Lazy<Task<NetworkNamespace>> Made = new(MakeAsync);

    /// <summary>Null when this process may make one. A machine where that fails nevertheless fails the tests that need it.</summary>
    public static string? SkipReason { get; } = FindReason();

    /// <summary>Our own address, as the other host calls it.</summary>
    public static string NearAddress { get; } = Address4(1);

    /// <summary>The address of the other host.</summary>
    public static string FarAddress { get; } = Address4(2);

    public static string NearAddress6 { get; } = Address6(1);

    public static string FarAddress6 { get; } = Address6(2);

    /// <summary>The address of the other host at the end of <see cref="LayCableAsync"/>.</summary>
    public static string DistantAddress { get; } = Address4(2, DistantNetworks);

    /// <summary>Made when PostgreSQL was started, which happens before any test.</summary>
    public static NetworkNamespace Network => Made.Value.GetAwaiter().GetResult();

    /// <summary>Makes it at the first call. False is no error here: the tests that need it hear the reason from <see cref="Network"/>.</summary>
    public static async Task<bool> IsThereAsync()
    {
        if (SkipReason is not null)
            return false;
        await Task.WhenAny(Made.Value);
        return Made.Value.IsCompletedSuccessfully;
    }

    /// <summary>
    /// Takes the cable out and puts it back in. Everybody's cable: for tests that run alone. The kernel forgets the IPv6
    /// address, so it is given again.
    /// </summary>
    public static Task CutAsync(TimeSpan time) => CutAsync(() => Task.Delay(time));

    /// <summary>The same, until something is done.</summary>
    public static async Task CutAsync(Func<Task> meanwhile)
    {
        await RunAsync($"ip link set {Device} down");
        await meanwhile();
        await RunAsync($"ip link set {Device} up; ip address replace {NearAddress6}/64 dev {Device} nodad");
    }

    /// <summary>
    /// Until the result is disposed, packets take another cable, where two in a hundred are lost and the others take five
    /// milliseconds, in either direction. Everybody's cable, too.
    /// </summary>
    public static async Task<IAsyncDisposable> UseBadCableAsync()
    {
        var bad = $"{Device}b";
        var cable = new BadCable(bad, Network, loss: 0.02, TimeSpan.FromMilliseconds(5));
        await RunAsync(
            $"ip link set {bad} up; ip route add {FarAddress}/32 dev {bad} src {NearAddress}; ip route add {FarAddress6}/128 dev {bad} src {NearAddress6}");
        await RunAsync(
            $"ip link set {bad} up; ip route add {NearAddress}/32 dev {bad} src {FarAddress}; ip route add {NearAddress6}/128 dev {bad} src {FarAddress6}",
            Network);
        return new GoodCableAgain(cable);
    }

    /// <summary>
    /// One cable more to the other host, with addresses of its own, for whoever asks for <see cref="DistantAddress"/>. It is there
    /// until the result is disposed; there is one at a time.
    /// </summary>
    /// <param name="loss">Share of the packets that is lost, in either direction.</param>
    /// <param name="delay">How long a packet takes, in either direction.</param>
    public static async Task<IAsyncDisposable> LayCableAsync(double loss, TimeSpan delay)
    {
        var device = $"{Device}c";
        var cable = new BadCable(device, Network, loss, delay);
        await RunAsync($"ip address add {DistantNear} peer {DistantAddress} dev {device}; ip link set {device} up");
        await RunAsync($"ip address add {DistantAddress} peer {DistantNear} dev {device}; ip link set {device} up", Network);
        return new GoodCableAgain(cable);
    }

    private static async Task<NetworkNamespace> MakeAsync()
    {
        var network = NetworkNamespace.Make();
        // No duplicate address detection: the IPv6 addresses would be unusable for a second or two.
        await RunAsync(
            $"ip link add {Device} type veth peer name eth0 netns {network.Path}; ip link set {Device} up; "
            + $"ip address add {NearAddress}/30 dev {Device}; ip address add {NearAddress6}/64 dev {Device} nodad");
        await RunAsync(
            $"ip link set lo up; ip link set eth0 up; ip address add {FarAddress}/30 dev eth0; ip address add {FarAddress6}/64 dev eth0 nodad",
            network);
        return network;
    }

    /// <summary>Debian leaves the directory of ip out of the PATH of everybody but a root who logged in.</summary>
    private static async Task RunAsync(string script, NetworkNamespace? network = null) =>
        (await PgTools.RunProgramAsync("/bin/sh", ["-ec", $"PATH=$PATH:/usr/sbin:/sbin; {script}"], from: network)).Succeeded();

    private static string DistantNear => Address4(1, DistantNetworks);

    private static string Address4(int host, int networks = 213) =>
        string.Create(CultureInfo.InvariantCulture, $"10.{networks}.{Network4 >> 6}.{((Network4 & 63) << 2) + host}");

    private static string Address6(int host) => string.Create(CultureInfo.InvariantCulture, $"fd10:213:{Network4:x}::{host}");

    private static string? FindReason()
    {
        var own = CapabilitySet.OfThisProcess();
        return own.Has(Capability.SysAdmin) && own.Has(Capability.NetAdmin)
            ? null
            : "no network namespace can be made by this process: CAP_SYS_ADMIN and CAP_NET_ADMIN are needed";
    }

    /// <summary>With the devices go their routes.</summary>
    private sealed class GoodCableAgain(BadCable bad) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Task.Run(bad.Dispose);
    }
}
