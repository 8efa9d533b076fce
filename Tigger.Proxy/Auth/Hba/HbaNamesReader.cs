namespace Tigger.Auth.Hba;

/// <summary>
/// Reads one column of names: keywords, names, <c>/patterns</c> and <c>@files</c> with more of them, separated by commas.
/// </summary>
/// <param name="readFile">Gives the text of a file.</param>
internal sealed class HbaNamesReader(Func<string, string> readFile)
{
    /// <summary>Files named in files: PostgreSQL's limit.</summary>
    private const int MaximumDepth = 10;

    /// <summary>Reads the column the tokenizer stands at; relative files count from the directory of <paramref name="parentFile"/>.</summary>
    /// <exception cref="AuthSyntaxException">There are no names, or one cannot be had.</exception>
    public HbaNames Read(ref HbaTokenizer tokens, string parentFile)
    {
        HbaNames names = new();
        ReadList(ref tokens, names, parentFile, depth: 0);
        return names;
    }

    private void ReadList(ref HbaTokenizer tokens, HbaNames names, string parentFile, int depth)
    {
        do
        {
            ReadOne(ref tokens, names, parentFile, depth);
        }
        while (tokens.TakeComma());
    }

    private void ReadOne(ref HbaTokenizer tokens, HbaNames names, string parentFile, int depth)
    {
        if (tokens.TakeKeyword("all"))
        {
            names.All = true;
            return;
        }

        if (tokens.TakeKeyword("sameuser"))
        {
            names.SameUser = true;
            return;
        }

        if (tokens.TakeKeyword("replication"))
        {
            names.Replication = true;
            return;
        }

        bool isWord = tokens.Kind == HbaTokenKind.Word;
        string text = tokens.TakeText("a name");
        if (isWord && text is "samerole" or "samegroup")
        {
            throw new AuthSyntaxException($"{text} is not supported");
        }

        if (isWord && text[0] == '+')
        {
            throw new AuthSyntaxException($"membership in a role ({text}) is not supported");
        }

        if (isWord && text[0] == '@')
        {
            ReadFile(text[1..], names, parentFile, depth + 1);
        }
        else if (NamePattern.IsPattern(text))
        {
            names.Add(NamePattern.Compile(text));
        }
        else
        {
            names.Add(text);
        }
    }

    private void ReadFile(string file, HbaNames names, string parentFile, int depth)
    {
        if (depth > MaximumDepth)
        {
            throw new AuthSyntaxException($"file \"{file}\": files are nested too deeply");
        }

        string path = Path.GetFullPath(file, Path.GetDirectoryName(Path.GetFullPath(parentFile))!);
        string text;
        try
        {
            text = readFile(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AuthSyntaxException($"could not open file \"{path}\": {fault.Message}");
        }

        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            HbaTokenizer tokens = new(line);
            while (!tokens.AtEnd)
            {
                ReadList(ref tokens, names, path, depth);
            }
        }
    }
}
