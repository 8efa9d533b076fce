using System.CommandLine;
using System.CommandLine.Parsing;
using Tigger.Benchmarks.Report;

namespace Tigger.Benchmarks;

/// <summary>The command line of the benchmark program.</summary>
internal static class CommandLine
{
    private static readonly string[] AllTargets = [.. Targets.All];
    private static readonly string[] AllModes = ["simple", "extended", "prepared"];
    private static readonly string[] UsualModes = ["simple", "extended"];
    private static readonly int[] UsualClients = [1, 8, 16, 50, 100];
    private static readonly int[] UsualPoolSizes = [10];

    public static RootCommand Build(
        Func<BenchmarkOptions, CancellationToken, Task<int>> run, Func<ReportOptions, CancellationToken, Task<int>> report)
    {
        Option<string[]> targets = List("--targets", "What to connect to, in this order", AllTargets, Names(AllTargets));
        Option<string[]> modes = List("--modes", $"pgbench query modes, of {string.Join(',', AllModes)}", UsualModes, Names(AllModes));
        Option<int[]> clients = List("--clients", "Numbers of clients", UsualClients, PositiveNumber);
        Option<int> rounds = Number("--rounds", "Rounds; each measures every target once per combination", 3);
        Option<int> seconds = Number("--seconds", "Seconds of one measurement", 5);
        Option<int> scale = Number("--scale", "pgbench scale factor", 10);
        Option<int[]> poolSizes = List("--pool-sizes", "Server connections of a pooler's pool", UsualPoolSizes, PositiveNumber);
        Option<double> sampling = new("--sampling-rate")
        {
            Description = "Share of transactions whose latency pgbench writes down (0 to 1)",
            DefaultValueFactory = _ => 0.1,
        };
        sampling.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is <= 0 or > 1)
                result.AddError("--sampling-rate must be above 0 and at most 1.");
        });
        Option<string?> tigger = new("--tigger") { Description = "Executable of Tigger [default: the Release build]" };
        Option<string?> pgBouncer = new("--pgbouncer") { Description = "Executable of PgBouncer [default: the installed one]" };
        Option<bool> unrelated = new("--unrelated")
        {
            Description = "Measure instead what unrelated loopback connections cost with Tigger's kernel path running, and without",
        };
        Option<bool> remoteClients = new("--remote-clients")
        {
            Description = "Run pgbench in a network namespace of its own, so that clients are on another host than the servers (as root)",
        };
        Option<bool> remoteServers = new("--remote-servers")
        {
            Description = "Run the poolers there, so that PostgreSQL is on another host; with --remote-clients pgbench is on its side (as root)",
        };
        Option<bool> allEnds = new("--all-ends")
        {
            Description = "Measure with nobody, clients, PostgreSQL and both on another host, one after the other (as root)",
        };
        Option<int[]> replyBytes = new("--reply-bytes")
        {
            Description = "Ask for one value of so many bytes instead of pgbench -S; a list",
            CustomParser = argument => ParseList(argument, "--reply-bytes", PositiveNumber),
            Arity = ArgumentArity.ExactlyOne,
        };
        Option<bool> tls = new("--tls") { Description = "Encrypt the clients' connections (TLS); those of the poolers to PostgreSQL stay plain" };
        Option<bool> mirrors = new("--mirrors")
        {
            Description = "Measure instead Tigger without mirrors, with one and with two, which are databases of the same PostgreSQL",
        };
        Option<string> output = new("--output")
        {
            Description = "Directory for results.md and results.json",
            DefaultValueFactory = _ => "artifacts/bench",
        };

        var command = new RootCommand("Measures PostgreSQL directly, behind PgBouncer and behind Tigger on both data paths, side by side with pgbench.")
        {
            targets, modes, clients, rounds, seconds, scale, poolSizes, sampling, tigger, pgBouncer, remoteClients, remoteServers, allEnds,
            replyBytes, tls, unrelated, mirrors, output, ReportCommand.Build(report),
        };
        command.SetAction((parsed, cancellation) => run(
            new BenchmarkOptions
            {
                Targets = parsed.GetValue(mirrors) ? Targets.Mirrored : Given(parsed, targets) ?? AllTargets,
                Modes = Given(parsed, modes) ?? UsualModes,
                Clients = Given(parsed, clients) ?? UsualClients,
                Rounds = parsed.GetRequiredValue(rounds),
                Seconds = parsed.GetRequiredValue(seconds),
                Scale = parsed.GetRequiredValue(scale),
                PoolSizes = Given(parsed, poolSizes) ?? UsualPoolSizes,
                SamplingRate = parsed.GetRequiredValue(sampling),
                RemoteClients = parsed.GetValue(remoteClients),
                RemoteServers = parsed.GetValue(remoteServers),
                AllEnds = parsed.GetValue(allEnds),
                ReplyBytes = Given(parsed, replyBytes) ?? [],
                Tls = parsed.GetValue(tls),
                Unrelated = parsed.GetValue(unrelated),
                Mirrors = parsed.GetValue(mirrors),
                TiggerPath = parsed.GetValue(tigger),
                PgBouncerPath = parsed.GetValue(pgBouncer),
                Output = parsed.GetRequiredValue(output),
            },
            cancellation));
        return command;
    }

    internal static Option<int> Number(string name, string description, int value)
    {
        Option<int> option = new(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() <= 0)
                result.AddError($"{name} must be positive.");
        });
        return option;
    }

    /// <summary>An option that takes one comma-separated list, as in <c>--clients 1,8,32</c>.</summary>
    internal static Option<T[]> List<T>(string name, string description, T[] value, Func<string, (T Value, string? Fault)> parse) =>
        new(name)
        {
            // Not a DefaultValueFactory: the help would print such a list with bars, and bars are not what can be typed.
            Description = $"{description} [default: {string.Join(',', value)}]",
            CustomParser = argument => ParseList(argument, name, parse),
            Arity = ArgumentArity.ExactlyOne,
        };

    internal static T[]? Given<T>(ParseResult parsed, Option<T[]> list) => parsed.GetResult(list) is null ? null : parsed.GetValue(list);

    private static T[]? ParseList<T>(ArgumentResult argument, string name, Func<string, (T Value, string? Fault)> parse)
    {
        var values = new List<T>();
        foreach (string word in argument.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries))
        {
            (T value, string? fault) = parse(word);
            if (fault is not null)
            {
                argument.AddError($"{name}: {fault}");
                return null;
            }

            if (!values.Contains(value))
                values.Add(value);
        }

        return [.. values];
    }

    internal static Func<string, (string, string?)> Names(string[] known) => word =>
        (word, known.Contains(word) ? null : $"'{word}' is none of {string.Join(", ", known)}.");

    internal static (int, string?) PositiveNumber(string word) =>
        int.TryParse(word, out int number) && number > 0 ? (number, null) : (0, $"'{word}' is not a positive number.");
}
