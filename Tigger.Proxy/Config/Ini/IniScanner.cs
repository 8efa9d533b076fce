namespace Tigger.Config.Ini;

/// <summary>
/// Cuts the text of pgbouncer.ini into items, by the rules of PgBouncer's cfparser.c: a comment takes a line of its own, a
/// value goes to the end of the line, whatever is in it. Where PgBouncer stops at a syntax error, this goes on at the next line.
/// </summary>
/// <param name="text">The whole file.</param>
/// <param name="file">For the places of items; null = the main file.</param>
/// <param name="faults">Gets the syntax errors.</param>
internal sealed class IniScanner(string text, string? file, FaultList faults)
{
    private const string Include = "%include";

    private readonly List<string> _comments = [];
    private int _at;
    private int _line = 1;
    private int _lineStart;

    private char Current => _at < text.Length ? text[_at] : '\0';

    public IEnumerable<IniItem> Items()
    {
        while (SkipBlanks())
        {
            var start = Mark();
            if (Current is '#' or ';')
                _comments.Add(RestOfLine().TrimStart('#', ';').Trim());
            else if (Next() is { } item)
                yield return item;
            else
                Recover(start);
        }
    }

    private IniItem? Next()
    {
        if (text.AsSpan(_at).StartsWith(Include) && _at + Include.Length < text.Length && IsBlank(text[_at + Include.Length]))
        {
            _at += Include.Length;
            SkipInLine();
            return Item(IniItemKind.Include, Empty(), Scalar(Mark(), RestOfLine()));
        }

        return Current == '[' ? Section() : Pair();
    }

    private IniItem? Section()
    {
        _at++;
        var place = Mark();
        var name = Take(character => character is not (']' or '\n'));
        if (Current != ']')
            return null;
        _at++;
        return Item(IniItemKind.Section, Scalar(place, name), Empty());
    }

    private IniItem? Pair()
    {
        var place = Mark();
        var isQuoted = Current == '\'';
        _at += isQuoted ? 1 : 0;
        var name = Take(isQuoted
            ? character => character is not ('\'' or '\n')
            : character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-' or '*');
        if (isQuoted && (Current != '\'' || name.Length == 0))
            return null;
        _at += isQuoted ? 1 : 0;
        SkipInLine();
        if (Current != '=')
            return null;
        _at++;
        SkipInLine();
        return Item(IniItemKind.Pair, Scalar(place, name), Scalar(Mark(), RestOfLine()));
    }

    private void Recover(ConfigMark start)
    {
        faults.Error("", start, "syntax error in configuration: expected [section], name = value, or %include file");
        RestOfLine();
        _comments.Clear();
    }

    private IniItem Item(IniItemKind kind, ConfigNode name, ConfigNode value)
    {
        IniItem item = new(kind, name, value, [.. _comments]);
        _comments.Clear();
        return item;
    }

    /// <summary>To the next item; false at the end. An empty line parts a comment from what follows.</summary>
    private bool SkipBlanks()
    {
        for (var lines = 0; Current is ' ' or (>= '\t' and <= '\r'); _at++)
        {
            if (Current != '\n')
                continue;
            (_line, _lineStart) = (_line + 1, _at + 1);
            if (++lines > 1)
                _comments.Clear();
        }

        return _at < text.Length;
    }

    private void SkipInLine() => Take(IsBlank);

    private string RestOfLine() => Take(character => character != '\n').TrimEnd();

    private string Take(Func<char, bool> belongs)
    {
        var start = _at;
        while (_at < text.Length && belongs(text[_at]))
            _at++;
        return text[start.._at];
    }

    private ConfigMark Mark() => new(_line, _at - _lineStart + 1, file);

    private ConfigNode Empty() => Scalar(Mark(), "");

    private static ConfigNode Scalar(ConfigMark place, string text) => new(ConfigNodeKind.Scalar, place) { Text = text };

    private static bool IsBlank(char character) => character is ' ' or '\t';
}
