namespace Tigger.Auth.Hba;

/// <summary>
/// Splits a line into words, quoted texts (<c>""</c> inside stands for one quote) and commas; <c>#</c> begins a comment.
/// Stands on its first token after construction.
/// </summary>
internal ref struct HbaTokenizer
{
    private readonly ReadOnlySpan<char> _line;
    private int _position;

    /// <exception cref="AuthSyntaxException">The first token is a text without its closing quote.</exception>
    public HbaTokenizer(ReadOnlySpan<char> line)
    {
        _line = line;
        Next();
    }

    public HbaTokenKind Kind { get; private set; }

    /// <summary>The text of a word or quoted text, without the quotes.</summary>
    public string Text { get; private set; } = "";

    public readonly bool AtEnd => Kind == HbaTokenKind.End;

    /// <summary>What follows the token stood on, comment included.</summary>
    public readonly ReadOnlySpan<char> Rest => _line[_position..];

    /// <summary>Goes past the token if it is this unquoted word.</summary>
    public bool TakeKeyword(string keyword)
    {
        if (Kind != HbaTokenKind.Word || Text != keyword)
        {
            return false;
        }

        Next();
        return true;
    }

    /// <summary>Goes past a comma if there is one.</summary>
    public bool TakeComma()
    {
        if (Kind != HbaTokenKind.Comma)
        {
            return false;
        }

        Next();
        return true;
    }

    /// <summary>Goes past a word or quoted text and gives it.</summary>
    /// <exception cref="AuthSyntaxException">There is none; says that <paramref name="what"/> is missing.</exception>
    public string TakeText(string what, bool mayBeQuoted = true)
    {
        if (Kind != HbaTokenKind.Word && !(mayBeQuoted && Kind == HbaTokenKind.Quoted))
        {
            throw new AuthSyntaxException($"did not find {what}");
        }

        string text = Text;
        Next();
        return text;
    }

    public void Next()
    {
        while (_position < _line.Length && char.IsWhiteSpace(_line[_position]))
        {
            _position++;
        }

        Text = "";
        char first = _position < _line.Length ? _line[_position] : '#';
        switch (first)
        {
            case '#':
                Kind = HbaTokenKind.End;
                break;
            case ',':
                Kind = HbaTokenKind.Comma;
                _position++;
                break;
            case '"':
                Kind = HbaTokenKind.Quoted;
                Text = ReadQuoted();
                break;
            default:
                Kind = HbaTokenKind.Word;
                Text = ReadWord();
                break;
        }
    }

    private string ReadQuoted()
    {
        int start = _position + 1;
        int end = start;
        while (end < _line.Length)
        {
            if (_line[end] != '"')
            {
                end++;
            }
            else if (end + 1 < _line.Length && _line[end + 1] == '"')
            {
                end += 2;
            }
            else
            {
                _position = end + 1;
                return _line[start..end].ToString().Replace("\"\"", "\"", StringComparison.Ordinal);
            }
        }

        throw new AuthSyntaxException("a text has no closing quote");
    }

    private string ReadWord()
    {
        int start = _position++;
        while (_position < _line.Length && !char.IsWhiteSpace(_line[_position]) && _line[_position] is not (',' or '#' or '"'))
        {
            _position++;
        }

        return _line[start.._position].ToString();
    }
}
