using System.Text;

namespace Tigger.Mirroring;

/// <summary>
/// The form of a transaction: its statements without comments and literals, so that those that differ in values only look the
/// same, and no data comes to light.
/// </summary>
internal static class Fingerprint
{
    /// <summary>In characters.</summary>
    public const int MaximumLength = 400;

    private const char Literal = '?';
    private const string Separator = "; ";

    public static string Of(MirrorTransaction transaction)
    {
        StringBuilder form = new();
        SqlTexts texts = new(transaction);
        while (texts.MoveNext() && form.Length < MaximumLength)
        {
            Append(form, texts.Current);
        }

        if (texts.HasFunctionCall)
        {
            Separate(form);
            form.Append("(function call)");
        }

        return Cut(form);
    }

    public static string Of(ReadOnlySpan<byte> sql)
    {
        StringBuilder form = new();
        Append(form, sql);
        return Cut(form);
    }

    private static void Append(StringBuilder form, ReadOnlySpan<byte> sql)
    {
        SqlTokens tokens = new(sql);
        bool begins = true;
        while (tokens.MoveNext() && form.Length < MaximumLength)
        {
            if (tokens.Kind == SqlTokenKind.Semicolon)
            {
                begins = true;
                continue;
            }

            if (begins)
            {
                Separate(form);
                begins = false;
            }
            else if (NeedsBlank(form, tokens.Kind, tokens.Text))
            {
                form.Append(' ');
            }

            AppendToken(form, tokens.Kind, tokens.Text);
        }
    }

    /// <summary>A list of literals becomes one: <c>IN (1, 2, 3)</c> and <c>IN (4)</c> are the same form.</summary>
    private static void AppendToken(StringBuilder form, SqlTokenKind kind, ReadOnlySpan<byte> text)
    {
        const string InList = "?, ";
        if (kind != SqlTokenKind.Literal)
        {
            string written = Encoding.UTF8.GetString(text);
            form.Append(kind == SqlTokenKind.Word ? written.ToLowerInvariant() : written);
        }
        else if (form.Length >= InList.Length && form.ToString(form.Length - InList.Length, InList.Length) == InList)
        {
            form.Length -= InList.Length - 1;
        }
        else
        {
            form.Append(Literal);
        }
    }

    private static bool NeedsBlank(StringBuilder form, SqlTokenKind kind, ReadOnlySpan<byte> text)
    {
        char last = form[^1];
        bool opensOrJoins = last is '(' or '[' or '.' or ':';
        bool closesOrJoins = kind == SqlTokenKind.Other
            && (text[0] is (byte)',' or (byte)')' or (byte)']' or (byte)'.' or (byte)'[' or (byte)':');
        bool isOperator = kind == SqlTokenKind.Other && !char.IsLetterOrDigit(last) && last is not (',' or ')' or '?' or '"' or '_')
            && text[0] is not ((byte)'(' or (byte)'"' or (byte)'$');
        return !opensOrJoins && !closesOrJoins && !isOperator;
    }

    private static void Separate(StringBuilder form) => form.Append(form.Length > 0 ? Separator : "");

    private static string Cut(StringBuilder form) =>
        form.Length <= MaximumLength ? form.ToString() : form.ToString(0, MaximumLength - 1) + "…";
}
