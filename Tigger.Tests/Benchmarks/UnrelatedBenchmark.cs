using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Tigger.Benchmarks;

/// <summary>
/// What Tigger's kernel path costs the rest of the machine: new loopback connections, and messages over one, with Tigger running
/// and without, in turns. Nothing here goes to Tigger. Processor time is what counts: on a busy machine the clock measures others.
/// </summary>
internal static class UnrelatedBenchmark
{
    private const int MessageLength = 64;
    private const int WarmUpRounds = 1;

    public static async Task RunAsync(BenchmarkServers servers, BenchmarkOptions options, CancellationToken cancellation)
    {
        List<Round> without = [], with = [];
        for (int round = 0; round < options.Rounds + WarmUpRounds; round++)
        {
            // Every other round begins with Tigger: what drifts hits both alike.
            foreach (bool running in (bool[])(round % 2 == 0 ? [false, true] : [true, false]))
            {
                Round result = await MeasureAsync(servers, options, running, cancellation);
                Console.WriteLine(
                    $"bench: {(round < WarmUpRounds ? "warm-up" : $"round {round}/{options.Rounds}")}  {(running ? "with Tigger   " : "without Tigger")}"
                    + $"  connection {result.Connection}, message and answer {result.Exchange}");
                if (round >= WarmUpRounds)
                    (running ? with : without).Add(result);
            }
        }

        Console.WriteLine();
        Console.WriteLine("| unrelated loopback traffic | without Tigger, us | with Tigger, us | ratio of medians |");
        Console.WriteLine("|---|--:|--:|--:|");
        Report("connect, accept, close: CPU", without, with, round => round.Connection.Processor);
        Report("connect, accept, close: time", without, with, round => round.Connection.Elapsed);
        Report($"{MessageLength} bytes there and back: CPU", without, with, round => round.Exchange.Processor);
        Report($"{MessageLength} bytes there and back: time", without, with, round => round.Exchange.Elapsed);
    }

    private static async Task<Round> MeasureAsync(BenchmarkServers servers, BenchmarkOptions options, bool running, CancellationToken cancellation)
    {
        ChildProcess? tigger = running ? await StartTiggerAsync(servers, options, cancellation) : null;
        try
        {
            TimeSpan half = TimeSpan.FromSeconds(options.Seconds / 2.0);
            return await Task.Run(() => new Round(Connections(half, cancellation), Exchanges(half, cancellation)), cancellation);
        }
        finally
        {
            if (tigger is not null)
                await tigger.DisposeAsync();
        }
    }

    private static async Task<ChildProcess> StartTiggerAsync(BenchmarkServers servers, BenchmarkOptions options, CancellationToken cancellation)
    {
        BenchmarkTarget target = await servers.StartTargetAsync(Targets.TiggerKernel, options.PoolSizes[0], cancellation);
        return target.Proxy ?? throw new BenchmarkException($"no Tigger on the kernel path: {target.Unavailable}");
    }

    private static Cost Connections(TimeSpan time, CancellationToken cancellation)
    {
        using Socket listener = Listen();
        return Repeat(time, () =>
        {
            using Socket near = Create();
            near.Connect(listener.LocalEndPoint!);
            using Socket far = listener.Accept();
            // Closed by a reset: no port is left waiting, so that they do not run out.
            near.LingerState = new LingerOption(true, 0);
        }, cancellation);
    }

    private static Cost Exchanges(TimeSpan time, CancellationToken cancellation)
    {
        using Socket listener = Listen();
        using Socket near = Create();
        near.Connect(listener.LocalEndPoint!);
        using Socket far = listener.Accept();
        far.NoDelay = true;
        byte[] message = new byte[MessageLength];
        return Repeat(time, () =>
        {
            near.Send(message);
            Receive(far, message);
            far.Send(message);
            Receive(near, message);
        }, cancellation);
    }

    private static Cost Repeat(TimeSpan time, Action once, CancellationToken cancellation)
    {
        TimeSpan used = Environment.CpuUsage.TotalTime;
        long begin = Stopwatch.GetTimestamp();
        int count = 0;
        while (Stopwatch.GetElapsedTime(begin) < time)
        {
            cancellation.ThrowIfCancellationRequested();
            once();
            count++;
        }

        return new Cost(
            (Environment.CpuUsage.TotalTime - used).TotalMicroseconds / count, Stopwatch.GetElapsedTime(begin).TotalMicroseconds / count);
    }

    private static void Receive(Socket socket, byte[] message)
    {
        for (int read = 0; read < message.Length;)
        {
            int more = socket.Receive(message, read, message.Length - read, SocketFlags.None);
            if (more == 0)
                throw new BenchmarkException("an unrelated connection was cut off");
            read += more;
        }
    }

    private static Socket Listen()
    {
        Socket listener = Create();
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(16);
        return listener;
    }

    private static Socket Create() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private static void Report(string name, List<Round> without, List<Round> with, Func<Round, double> figure)
    {
        double plain = Median(without.Select(figure)), beside = Median(with.Select(figure));
        Console.WriteLine($"| {name} | {plain:F2} | {beside:F2} | {beside / plain:F3} |");
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>Microseconds of one.</summary>
    private readonly record struct Cost(double Processor, double Elapsed)
    {
        public override string ToString() => $"{Processor:F2} us of CPU in {Elapsed:F2} us";
    }

    private readonly record struct Round(Cost Connection, Cost Exchange);
}
