using System.Net;
using System.Text;

namespace Tigger.Config;

/// <summary>Texts, names, lists, addresses and choices.</summary>
internal static class TextCodecs
{
    public static ValueCodec<string> Text { get; } = new("", text => text, value => value);

    /// <summary>A text that is null when empty.</summary>
    public static ValueCodec<string?> OptText { get; } = new("", text => new Parsed<string?>(NullIfEmpty(text), null), value => value);

    public static ValueCodec<ValueList<string>> List { get; } =
        new("", text => Split(text), value => value.ToString()) { TakesList = true };

    /// <summary>Where servers are: names, IPv4 and IPv6 addresses, socket directories, abstract sockets (@name).</summary>
    public static ValueCodec<ValueList<string>> Hosts { get; } = Addresses(
        host => host[0] is '/' or '@' || IsHost(host),
        "host names, IP addresses, or socket directories (the port is a key of its own)");

    /// <summary>Where to listen: names, addresses, or * for all.</summary>
    public static ValueCodec<ValueList<string>> Listen { get; } = Addresses(
        host => host == "*" || IsHost(host),
        "host names, IP addresses or * (the port is listen_port)");

    /// <summary>host:port, [IPv6]:port or *:port; empty = off.</summary>
    public static ValueCodec<string> Endpoint { get; } = new(
        "",
        text => text.Length == 0 || IsEndpoint(text) ? text : ParseFault.Expected("host:port, [IPv6]:port or *:port", text),
        value => value);

    /// <summary>A URL of HTTP; empty = off.</summary>
    public static ValueCodec<string> Url { get; } = new(
        "",
        text => text.Length == 0 || (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https")
            ? text
            : ParseFault.Expected("a URL such as http://127.0.0.1:4317", text),
        value => value);

    public static ValueCodec<string> TlsProtocols { get; } = new(
        "",
        text => text.Split([',', ':'], StringSplitOptions.TrimEntries).All(Choices.TlsProtocols.Contains)
            ? text
            : ParseFault.Expected("a list of tlsv1.0, tlsv1.1, tlsv1.2, tlsv1.3, or all or secure", text),
        value => value)
    { TakesList = true };

    /// <summary>The database that runs auth_query; the admin console cannot.</summary>
    public static ValueCodec<string?> AuthDbname { get; } = OptName(Limits.DatabaseNameBytes) with
    {
        Parse = text => text == Limits.AdminDatabase
            ? new ParseFault($"database name \"{Limits.AdminDatabase}\" is reserved for the admin console")
            : OptName(Limits.DatabaseNameBytes).Parse(text),
    };

    /// <summary>A secret, so the message must not repeat it.</summary>
    public static ValueCodec<string?> Password { get; } = OptText with
    {
        Parse = text => Encoding.UTF8.GetByteCount(text) > Limits.PasswordBytes
            ? new ParseFault($"longer than {Limits.PasswordBytes} bytes")
            : new Parsed<string?>(NullIfEmpty(text), null),
    };

    public static ValueCodec<string?> OptName(int maxBytes) => OptText with
    {
        Parse = text => Encoding.UTF8.GetByteCount(text) > maxBytes
            ? new ParseFault($"name is longer than {maxBytes} bytes")
            : new Parsed<string?>(NullIfEmpty(text), null),
    };

    /// <summary>One of a few spellings, in any case of letters, as PgBouncer reads them.</summary>
    public static ValueCodec<TValue> Choice<TValue>((string Text, TValue Value)[] choices)
        where TValue : notnull => new(
        "",
        text => Array.FindIndex(choices, c => c.Text.Equals(text, StringComparison.OrdinalIgnoreCase)) is var at and >= 0
            ? choices[at].Value
            : ParseFault.Expected(OneOf(choices.Select(c => c.Text)), text),
        value => choices.First(c => c.Value.Equals(value)).Text);

    private static ValueCodec<ValueList<string>> Addresses(Func<string, bool> isAddress, string what) => List with
    {
        Parse = text => Split(text).FirstOrDefault(host => !isAddress(host)) is { } bad ? ParseFault.Expected(what, bad) : Split(text),
    };

    private static string OneOf(IEnumerable<string> words)
    {
        var all = words.ToArray();
        return all.Length == 1 ? all[0] : $"{string.Join(", ", all[..^1])} or {all[^1]}";
    }

    private static ValueList<string> Split(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    // CheckHostName refuses IPv6 zones, and TryParse alone would take "1" for an address: together they are right.
    private static bool IsHost(string host) =>
        Uri.CheckHostName(host) != UriHostNameType.Unknown || (host.Contains(':') && IPAddress.TryParse(host, out _));

    private static bool IsEndpoint(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), out var port) || port == 0)
            return false;
        var host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
            return IPAddress.TryParse(host[1..^1], out _);
        return host == "*" || (!host.Contains(':') && IsHost(host));
    }
}
