namespace Tigger.Mirroring;

/// <summary>
/// Cuts SQL into tokens (PostgreSQL: "Lexical Structure"); white space and comments are passed over. Strings are read as with
/// <c>standard_conforming_strings</c> on. Never fails: what has no end, ends with the text.
/// </summary>
internal ref struct SqlTokens(ReadOnlySpan<byte> sql)
{
    private readonly ReadOnlySpan<byte> _sql = sql;
    private int _next;

    public SqlTokenKind Kind { get; private set; }

    /// <summary>The token as it is written.</summary>
    public ReadOnlySpan<byte> Text { get; private set; }

    private readonly byte this[int at] => at < _sql.Length ? _sql[at] : (byte)0;

    public bool MoveNext()
    {
        SkipBlanks();
        if (_next >= _sql.Length)
        {
            return false;
        }

        int start = _next;
        Kind = Read(this[start]);
        _next = Math.Min(_next, _sql.Length);
        Text = _sql[start.._next];
        return true;
    }

    private SqlTokenKind Read(byte first)
    {
        switch (first)
        {
            case (byte)';':
                _next++;
                return SqlTokenKind.Semicolon;
            case (byte)'\'':
                SkipQuoted(_next, escapes: false);
                return SqlTokenKind.Literal;
            case (byte)'"':
                SkipQuoted(_next, escapes: false);
                return SqlTokenKind.Other;
            case (byte)'$' when TrySkipDollarQuoted():
                return SqlTokenKind.Literal;
            case (byte)'$' when char.IsAsciiDigit((char)this[_next + 1]):
                _next++;
                SkipWord();
                return SqlTokenKind.Other;
        }

        if (IsDigit(first) || (first == '.' && IsDigit(this[_next + 1])))
        {
            SkipNumber();
            return SqlTokenKind.Literal;
        }

        if (!IsWordByte(first))
        {
            _next++;
            return SqlTokenKind.Other;
        }

        return ReadWord();
    }

    /// <summary>A word, or a string that begins with a letter: E'', B'', X'', N'', U&amp;''.</summary>
    private SqlTokenKind ReadWord()
    {
        int start = _next;
        SkipWord();
        int length = _next - start;
        if (length > 1)
        {
            return SqlTokenKind.Word;
        }

        byte letter = (byte)(_sql[start] | 0x20);
        bool isPrefix = letter is (byte)'e' or (byte)'b' or (byte)'x' or (byte)'n';
        if (isPrefix && this[_next] == '\'')
        {
            SkipQuoted(_next, escapes: letter == 'e');
            return SqlTokenKind.Literal;
        }

        bool isUnicode = letter == 'u' && this[_next] == '&';
        if (isUnicode && (this[_next + 1] is (byte)'\'' or (byte)'"'))
        {
            SqlTokenKind kind = this[_next + 1] == '\'' ? SqlTokenKind.Literal : SqlTokenKind.Other;
            SkipQuoted(_next + 1, escapes: false);
            return kind;
        }

        return SqlTokenKind.Word;
    }

    private void SkipBlanks()
    {
        while (_next < _sql.Length)
        {
            if (this[_next] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f' or (byte)'\v')
            {
                _next++;
            }
            else if (this[_next] == '-' && this[_next + 1] == '-')
            {
                int line = _sql[_next..].IndexOf((byte)'\n');
                _next = line < 0 ? _sql.Length : _next + line;
            }
            else if (this[_next] == '/' && this[_next + 1] == '*')
            {
                SkipComment();
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Comments of this kind nest.</summary>
    private void SkipComment()
    {
        int depth = 0;
        do
        {
            bool opens = this[_next] == '/' && this[_next + 1] == '*';
            bool closes = this[_next] == '*' && this[_next + 1] == '/';
            depth += opens ? 1 : closes ? -1 : 0;
            _next += opens || closes ? 2 : 1;
        }
        while (depth > 0 && _next < _sql.Length);
    }

    private void SkipQuoted(int open, bool escapes)
    {
        byte quote = _sql[open];
        _next = open + 1;
        while (_next < _sql.Length)
        {
            byte one = _sql[_next++];
            if (escapes && one == '\\')
            {
                _next++;
            }
            else if (one == quote)
            {
                if (this[_next] != quote)
                {
                    return;
                }

                _next++;
            }
        }
    }

    private bool TrySkipDollarQuoted()
    {
        int end = _next + 1;
        while (end < _sql.Length && IsWordByte(_sql[end]) && _sql[end] != '$')
        {
            end++;
        }

        if (this[end] != '$' || IsDigit(this[_next + 1]))
        {
            return false;
        }

        ReadOnlySpan<byte> tag = _sql[_next..(end + 1)];
        int close = _sql[(end + 1)..].IndexOf(tag);
        _next = close < 0 ? _sql.Length : end + 1 + close + tag.Length;
        return true;
    }

    private void SkipNumber()
    {
        while (IsWordByte(this[_next]) || this[_next] == '.' || IsSignOfExponent())
        {
            _next++;
        }
    }

    private readonly bool IsSignOfExponent() =>
        (this[_next] is (byte)'+' or (byte)'-') && (this[_next - 1] | 0x20) == 'e' && IsDigit(this[_next + 1]);

    private void SkipWord()
    {
        while (IsWordByte(this[_next]))
        {
            _next++;
        }
    }

    private static bool IsDigit(byte one) => char.IsAsciiDigit((char)one);

    private static bool IsWordByte(byte one) => char.IsAsciiLetterOrDigit((char)one) || one is (byte)'_' or (byte)'$' or >= 0x80;
}
