using Microsoft.Extensions.Logging;

namespace Tigger.Telemetry;

/// <summary>
/// Keeps a fault that many clients meet at once from filling the log: of warnings and errors that differ in numbers only
/// (clients, servers, ports, times), so many are written in ten seconds; the rest are counted, and one line says how many they were. What
/// PgBouncer logs of every connection is no warning and is never left out.
/// </summary>
/// <param name="clock">Tells the time.</param>
/// <param name="summarize">Writes a line that says how many were left out; called without any lock of this.</param>
internal sealed class RepeatLimit(TimeProvider clock, Action<LogEntry> summarize) : IDisposable
{
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    /// <summary>Kinds of lines that are counted at a time; further ones are written.</summary>
    private const int MaximumKinds = 200;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Kind> _kinds = [];
    private ITimer? _timer;

    /// <summary>Lines of a kind that are written in a <see cref="Window"/>; 0 = all.</summary>
    public int Maximum { get; set; }

    /// <summary>Lines left out since the start.</summary>
    public long Suppressed { get; private set; }

    /// <summary>Whether the line is to be written.</summary>
    public bool Allows(in LogEntry entry)
    {
        if (Maximum == 0 || entry.Level < LogLevel.Warning)
        {
            return true;
        }

        string key = KindOf(entry.Text);
        lock (_lock)
        {
            if (!_kinds.TryGetValue(key, out Kind? kind))
            {
                if (_kinds.Count == MaximumKinds)
                {
                    return true;
                }

                _kinds[key] = kind = new Kind { Last = entry };
                _timer ??= clock.CreateTimer(_ => EndWindow(), null, Window, Timeout.InfiniteTimeSpan);
            }

            if (++kind.Count <= Maximum)
            {
                return true;
            }

            kind.Last = entry;
            Suppressed++;
            return false;
        }
    }

    public void Dispose() => EndWindow();

    private void EndWindow()
    {
        List<Kind> over;
        lock (_lock)
        {
            over = [.. _kinds.Values.Where(kind => kind.Count > Maximum)];
            _kinds.Clear();
            _timer?.Dispose();
            _timer = null;
        }

        foreach (Kind kind in over)
        {
            summarize(kind.Last with
            {
                Text = $"{kind.Last.Text} [{kind.Count - Maximum} lines like this left out in {Window.TotalSeconds} s]",
                Fault = null,
            });
        }
    }

    private static string KindOf(string text) => string.Concat(text.Where(letter => !char.IsAsciiDigit(letter)));

    private sealed class Kind
    {
        public required LogEntry Last { get; set; }

        public int Count { get; set; }
    }
}
