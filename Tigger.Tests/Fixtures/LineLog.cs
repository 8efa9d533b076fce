namespace Tigger.Tests.Fixtures;

/// <summary>Lines a process has written so far.</summary>
public sealed class LineLog
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return _lines.ToArray();
        }
    }

    public string Text => string.Join('\n', Lines);

    public void Add(string line)
    {
        lock (_lines)
            _lines.Add(line);
    }

    public bool Contains(string part) => Lines.Any(line => line.Contains(part, StringComparison.Ordinal));

    public Task WaitForAsync(string part, TimeSpan? deadline = null) =>
        Eventually.TrueAsync(() => Contains(part), $"log line with \"{part}\"", deadline);
}
