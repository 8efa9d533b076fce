using Npgsql;
using Spectre.Console;

namespace Tigger.Top;

/// <summary>The live view: asks the console every so often, draws, and listens to the keyboard meanwhile.</summary>
/// <param name="client">For looking.</param>
/// <param name="connect">Another client, for a command: PAUSE may take its time.</param>
/// <param name="interval">Between two looks.</param>
internal sealed class TopScreen(AdminClient client, Func<Task<AdminClient>> connect, TimeSpan interval)
{
    private const string EnterAlternateScreen = "\u001b[?1049h\u001b[H";
    private const string LeaveAlternateScreen = "\u001b[?1049l";

    private static readonly TimeSpan KeyInterval = TimeSpan.FromMilliseconds(50);

    private readonly TopState _state = new();
    private TopSnapshot? _now;

    /// <summary>Runs until q, or Control-C.</summary>
    /// <exception cref="NpgsqlException">The console is gone.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        _now = await TopSnapshot.ReadAsync(client, null);
        Console.Write(EnterAlternateScreen);
        try
        {
            await AnsiConsole.Live(new Text("")).AutoClear(true).StartAsync(context => LoopAsync(context, cancellation));
        }
        finally
        {
            Console.Write(LeaveAlternateScreen);
        }
    }

    private async Task LoopAsync(LiveDisplayContext context, CancellationToken cancellation)
    {
        long next = 0;
        while (!cancellation.IsCancellationRequested)
        {
            if (Environment.TickCount64 >= next)
            {
                _now = await TopSnapshot.ReadAsync(client, _now);
                next = Environment.TickCount64 + (long)interval.TotalMilliseconds;
                _state.KeepInside(_now);
                Draw(context);
            }

            while (Console.KeyAvailable)
            {
                switch (TopKeys.Press(Console.ReadKey(intercept: true), _state, _now!))
                {
                    case "":
                        return;
                    case { } command:
                        _state.Message = $"{command}: under way";
                        _ = RunAsync(command);
                        break;
                }

                Draw(context);
            }

            await Task.Delay(KeyInterval, CancellationToken.None);
        }
    }

    private async Task RunAsync(string command)
    {
        try
        {
            await using AdminClient other = await connect();
            await other.RunAsync(command);
            _state.Message = $"{command}: done";
        }
        catch (NpgsqlException refusal)
        {
            _state.Message = $"{command}: {refusal.Message}";
        }
    }

    private void Draw(LiveDisplayContext context) => context.UpdateTarget(TopView.Draw(_now!, _state, AnsiConsole.Profile.Height));
}
