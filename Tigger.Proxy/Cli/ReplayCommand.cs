using System.CommandLine;
using System.Globalization;
using Tigger.Kernel;
using Tigger.Mirroring;
using Tigger.Recording;

namespace Tigger.Cli;

/// <summary><c>tigger replay</c>: a recording against any PostgreSQL, and how it went beside the recorded one.</summary>
internal static class ReplayCommand
{
    private const string Fastest = "max";
    private const int DefaultConnections = 100;

    private static readonly double[] Shares = [0.5, 0.95, 0.99];

    public static Command Create()
    {
        Argument<string> file = new("file") { Description = "A file of tigger record" };
        Option<string> target = new("--target", "-t")
        {
            Description = "Connection string: host, port, dbname, user, password, sslmode; without user, each transaction's own",
            HelpName = "string",
            Required = true,
        };
        Option<string> speed = new("--speed")
        {
            Description = "1x: with the pauses there were; 2x: with half of them; max: with none",
            HelpName = "factor",
            DefaultValueFactory = _ => "1x",
        };
        Option<int> connections = new("--connections", "-c")
        {
            Description = "At most, for each user",
            HelpName = "number",
            DefaultValueFactory = _ => DefaultConnections,
        };
        Command command = new("replay", "Play a file of tigger record against a PostgreSQL and compare") { file, target, speed, connections };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetValue(file)!, parsed.GetValue(target)!, parsed.GetValue(speed)!, parsed.GetValue(connections)));
        return command;
    }

    private static async Task<int> RunAsync(string path, string target, string speed, int connections)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            RecordReader recording = new(file);
            using ToolPool pool = new(target, recording.Header.Parameters);
            Replay replay = new(recording, pool, connections, SpeedOf(speed));
            await replay.RunAsync();
            Report(replay, recording);
            return replay.Counts.Snapshot() is var counts && counts.Mirrored == counts.Sent ? ExitCodes.Success : ExitCodes.Failure;
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"tigger replay: {fault.Message}");
            return ExitCodes.Failure;
        }
    }

    private static double SpeedOf(string text) =>
        text == Fastest ? 0
        : double.TryParse(text.TrimEnd('x'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double factor) && factor > 0 ? factor
        : throw new ArgumentException($"--speed is a factor such as 1x, or {Fastest}");

    private static void Report(Replay replay, RecordReader recording)
    {
        MirrorSnapshot counts = replay.Counts.Snapshot();
        Console.WriteLine($"transactions   {counts.Sent}, of which {counts.Mirrored} were carried out");
        foreach ((MirrorDropReason reason, long count) in Enum.GetValues<MirrorDropReason>().Zip(counts.Dropped).Where(pair => pair.Second > 0))
        {
            Console.WriteLine($"dropped        {count} ({reason}{(replay.Fault is { } fault ? $": {fault}" : "")})");
        }

        foreach ((MirrorComparison outcome, long count) in Enum.GetValues<MirrorComparison>().Zip(counts.Outcomes))
        {
            Console.WriteLine($"{outcome,-14} {count}");
        }

        Console.WriteLine($"recorded       {Times(counts.PrimaryTimes)}");
        Console.WriteLine($"target         {Times(counts.MirrorTimes)}");
        if (replay.Missing > 0 || recording.IsTorn)
        {
            Console.WriteLine($"recording      {replay.Missing} missing{(recording.IsTorn ? ", cut at the last whole transaction" : "")}");
        }

        foreach (MirrorDifference one in replay.Counts.Differences.All)
        {
            Console.WriteLine($"differs        {one.Count} x {one.Primary ?? "ok"} / {one.Mirror ?? "ok"}: {one.Fingerprint}");
        }
    }

    private static string Times(TimeHistogram times) => string.Join(", ", Shares.Select(share =>
        string.Create(CultureInfo.InvariantCulture, $"p{share * 100:0} {times.Quantile(share).TotalMilliseconds:0.###} ms")));
}
