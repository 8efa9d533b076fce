namespace Tigger.Config;

/// <summary>One method per kind of value, so that a table entry is one line.</summary>
internal static class SettingFactory<TRecord>
{
    private static Setting<TRecord> Make<TValue>(
        string name, string? text, ValueCodec<TValue> codec, Func<TRecord, TValue> get, Func<TRecord, TValue, TRecord> with, string description) => new()
        {
            Name = name,
            Default = text,
            Unit = codec.Unit,
            Description = description,
            TakesList = codec.TakesList,
            FromIni = codec.FromIni,
            Apply = (record, value) => codec.Parse(value) is var parsed && parsed.Ok ? with(record, parsed.Value) : new ParseFault(parsed.Error!),
            Format = record => codec.Format(get(record)),
        };

    public static Setting<TRecord> Flag(string name, string text, Func<TRecord, bool> get, Func<TRecord, bool, TRecord> with, string description) =>
        Make(name, text, NumberCodecs.Flag, get, with, description);

    public static Setting<TRecord> Int(string name, string text, Func<TRecord, int> get, Func<TRecord, int, TRecord> with, string description) =>
        Int(name, text, 0, int.MaxValue, get, with, description);

    public static Setting<TRecord> Int(string name, string text, int min, int max, Func<TRecord, int> get, Func<TRecord, int, TRecord> with, string description) =>
        Make(name, text, NumberCodecs.Int(min, max), get, with, description);

    public static Setting<TRecord> Share(string name, string text, Func<TRecord, decimal> get, Func<TRecord, decimal, TRecord> with, string description) =>
        Make(name, text, NumberCodecs.Share, get, with, description);

    public static Setting<TRecord> Port(string name, string text, Func<TRecord, int> get, Func<TRecord, int, TRecord> with, string description) =>
        Make(name, text, NumberCodecs.Port, get, with, description);

    public static Setting<TRecord> IntSize(string name, string text, int min, int max, Func<TRecord, int> get, Func<TRecord, int, TRecord> with, string description) =>
        Make(name, text, NumberCodecs.IntSize(min, max), get, with, description);

    public static Setting<TRecord> Size(string name, string text, long min, long max, Func<TRecord, long> get, Func<TRecord, long, TRecord> with, string description) =>
        Make(name, text, NumberCodecs.Size(min, max), get, with, description);

    public static Setting<TRecord> FileMode(string name, string text, Func<TRecord, int> get, Func<TRecord, int, TRecord> with, string description) =>
        Make(name, text, NumberCodecs.FileMode, get, with, description);

    public static Setting<TRecord> Seconds(string name, string text, Func<TRecord, TimeSpan> get, Func<TRecord, TimeSpan, TRecord> with, string description) =>
        Make(name, text, NumberCodecs.Seconds, get, with, description);

    public static Setting<TRecord> WholeSeconds(string name, string text, Func<TRecord, TimeSpan> get, Func<TRecord, TimeSpan, TRecord> with, string description) =>
        Make(name, text, NumberCodecs.WholeSeconds(TimeSpan.FromSeconds(1)), get, with, description);

    public static Setting<TRecord> WholeSecondsOrZero(string name, string text, Func<TRecord, TimeSpan> get, Func<TRecord, TimeSpan, TRecord> with, string description) =>
        Make(name, text, NumberCodecs.WholeSeconds(TimeSpan.Zero), get, with, description);

    public static Setting<TRecord> Milliseconds(string name, string text, Func<TRecord, TimeSpan> get, Func<TRecord, TimeSpan, TRecord> with, string description) =>
        Make(name, text, NumberCodecs.Milliseconds, get, with, description);

    public static Setting<TRecord> Text(string name, string text, Func<TRecord, string> get, Func<TRecord, string, TRecord> with, string description) =>
        Make(name, text, TextCodecs.Text, get, with, description);

    public static Setting<TRecord> Path(string name, string text, Func<TRecord, string> get, Func<TRecord, string, TRecord> with, string description) =>
        Text(name, text, get, with, description) with { IsPath = true };

    /// <summary>A path to a file that must be there to be read.</summary>
    public static Setting<TRecord> File(string name, string text, Func<TRecord, string> get, Func<TRecord, string, TRecord> with, string description) =>
        Path(name, text, get, with, description) with { MustExist = true };

    public static Setting<TRecord> OptText(string name, Func<TRecord, string?> get, Func<TRecord, string?, TRecord> with, string description) =>
        Make(name, null, TextCodecs.OptText, get, with, description);

    public static Setting<TRecord> OptPath(string name, Func<TRecord, string?> get, Func<TRecord, string?, TRecord> with, string description) =>
        OptText(name, get, with, description) with { IsPath = true };

    /// <summary>A path, null when empty, to a file that must be there to be read.</summary>
    public static Setting<TRecord> OptFile(string name, Func<TRecord, string?> get, Func<TRecord, string?, TRecord> with, string description) =>
        OptPath(name, get, with, description) with { MustExist = true };

    public static Setting<TRecord> OptName(string name, int maxBytes, Func<TRecord, string?> get, Func<TRecord, string?, TRecord> with, string description) =>
        Make(name, null, TextCodecs.OptName(maxBytes), get, with, description);

    public static Setting<TRecord> AuthDbname(string name, Func<TRecord, string?> get, Func<TRecord, string?, TRecord> with, string description) =>
        Make(name, null, TextCodecs.AuthDbname, get, with, description);

    public static Setting<TRecord> Password(string name, Func<TRecord, string?> get, Func<TRecord, string?, TRecord> with, string description) =>
        Make(name, null, TextCodecs.Password, get, with, description).Secret();

    public static Setting<TRecord> List(string name, string text, Func<TRecord, ValueList<string>> get, Func<TRecord, ValueList<string>, TRecord> with, string description) =>
        Make(name, text, TextCodecs.List, get, with, description);

    public static Setting<TRecord> Listen(string name, string text, Func<TRecord, ValueList<string>> get, Func<TRecord, ValueList<string>, TRecord> with, string description) =>
        Make(name, text, TextCodecs.Listen, get, with, description);

    public static Setting<TRecord> Hosts(string name, string text, Func<TRecord, ValueList<string>> get, Func<TRecord, ValueList<string>, TRecord> with, string description) =>
        Make(name, text, TextCodecs.Hosts, get, with, description);

    public static Setting<TRecord> Ports(string name, string text, Func<TRecord, ValueList<int>> get, Func<TRecord, ValueList<int>, TRecord> with, string description) =>
        Make(name, text, NumberCodecs.Ports, get, with, description);

    public static Setting<TRecord> Endpoint(string name, string text, Func<TRecord, string> get, Func<TRecord, string, TRecord> with, string description) =>
        Make(name, text, TextCodecs.Endpoint, get, with, description);

    public static Setting<TRecord> Url(string name, string text, Func<TRecord, string> get, Func<TRecord, string, TRecord> with, string description) =>
        Make(name, text, TextCodecs.Url, get, with, description);

    public static Setting<TRecord> TlsProtocols(string name, string text, Func<TRecord, string> get, Func<TRecord, string, TRecord> with, string description) =>
        Make(name, text, TextCodecs.TlsProtocols, get, with, description);

    public static Setting<TRecord> Choice<TValue>(
        string name, string text, (string Text, TValue Value)[] choices, Func<TRecord, TValue> get, Func<TRecord, TValue, TRecord> with, string description)
        where TValue : notnull => Make(name, text, TextCodecs.Choice(choices), get, with, description);

    public static Setting<TRecord> OptChoice<TValue>(
        string name, (string Text, TValue Value)[] choices, Func<TRecord, TValue?> get, Func<TRecord, TValue?, TRecord> with, string description)
        where TValue : struct => Make(name, null, OptionalCodecs.Optional(TextCodecs.Choice(choices)), get, with, description);

    public static Setting<TRecord> OptFlag(string name, Func<TRecord, bool?> get, Func<TRecord, bool?, TRecord> with, string description) =>
        Make(name, null, OptionalCodecs.Flag, get, with, description);

    public static Setting<TRecord> OptCount(string name, Func<TRecord, int?> get, Func<TRecord, int?, TRecord> with, string description) =>
        Make(name, null, OptionalCodecs.Count, get, with, description);

    public static Setting<TRecord> OptSeconds(string name, Func<TRecord, TimeSpan?> get, Func<TRecord, TimeSpan?, TRecord> with, string description) =>
        Make(name, null, OptionalCodecs.Seconds, get, with, description);
}
