using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Tigger.Protocol;

/// <summary>
/// A packet of the startup family: Int32 length, Int32 code, rest. Parsed from the first bytes of a client's connection.
/// Builders are in <see cref="StartupMessages"/>.
/// Source: PostgreSQL documentation, "Frontend/Backend Protocol", sections "Start-up" and "Message Formats"; limits and
/// texts: ProcessStartupPacket.
/// </summary>
public sealed class StartupPacket
{
    public const int CancelRequestCode = 80877102;
    public const int SslRequestCode = 80877103;
    public const int GssEncRequestCode = 80877104;

    /// <summary>Smallest value of the length field: the field and the code.</summary>
    public const int MinLength = 8;

    /// <summary>Largest value of the length field: MAX_STARTUP_PACKET_LENGTH (10000), which does not count the field.</summary>
    public const int MaxLength = 10004;

    /// <summary>Prefix of the names of protocol options.</summary>
    public const string ProtocolOptionPrefix = "_pq_.";

    private readonly List<KeyValuePair<string, string>> _parameters = [];
    private readonly List<KeyValuePair<string, string>> _protocolOptions = [];

    private StartupPacket(StartupPacketKind kind, int code)
    {
        Kind = kind;
        ProtocolVersion = code;
    }

    public StartupPacketKind Kind { get; }

    /// <summary>For a StartupMessage the version, major in the upper 16 bits; else the request code.</summary>
    public int ProtocolVersion { get; }

    /// <summary>Minor half of <see cref="ProtocolVersion"/>.</summary>
    public int MinorVersion => ProtocolVersion & 0xffff;

    /// <summary>Parameters in the order sent, without protocol options. A name may occur again: the last one counts.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters => _parameters;

    /// <summary>Parameters whose name begins with <c>_pq_.</c>, in the order sent.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ProtocolOptions => _protocolOptions;

    /// <summary>The user name; null if none was sent.</summary>
    public string? User => Find("user");

    /// <summary>The database name; as in PostgreSQL the user name if none was sent.</summary>
    public string? Database => Find("database") is { Length: > 0 } database ? database : User;

    /// <summary>Process id of a CancelRequest.</summary>
    public int CancelProcessId { get; private init; }

    /// <summary>Key of a CancelRequest, 4 to 256 bytes.</summary>
    public byte[] CancelKey { get; private init; } = [];

    /// <summary>Last value of a parameter; null if it was not sent.</summary>
    public string? Find(string name) => _parameters.FindLast(parameter => parameter.Key == name).Value;

    /// <summary>Parses one packet from the start of <paramref name="data"/>. Never throws.</summary>
    /// <param name="consumed">Bytes of the packet if parsed, else 0.</param>
    /// <param name="packet">The packet if parsed.</param>
    public static StartupParseResult Parse(ReadOnlySpan<byte> data, out int consumed, out StartupPacket? packet)
    {
        consumed = 0;
        packet = null;
        if (!BinaryPrimitives.TryReadInt32BigEndian(data, out int length))
        {
            return StartupParseResult.NeedMore;
        }

        if (length is < MinLength or > MaxLength)
        {
            return StartupParseResult.BadLength;
        }

        if (data.Length < length)
        {
            return StartupParseResult.NeedMore;
        }

        int code = BinaryPrimitives.ReadInt32BigEndian(data[sizeof(int)..]);
        ReadOnlySpan<byte> body = data[MinLength..length];
        StartupParseResult result = code switch
        {
            SslRequestCode => ParseRequest(StartupPacketKind.SslRequest, code, body, out packet),
            GssEncRequestCode => ParseRequest(StartupPacketKind.GssEncRequest, code, body, out packet),
            CancelRequestCode => ParseCancel(body, out packet),
            _ when code >> 16 == 3 => ParseStartup(code, body, out packet),
            _ => StartupParseResult.UnsupportedProtocol,
        };
        consumed = result == StartupParseResult.Parsed ? length : 0;
        return result;
    }

    /// <summary>What to tell the client; PostgreSQL's texts.</summary>
    /// <param name="data">The data given to <see cref="Parse"/>, for the version it names.</param>
    public static string Describe(StartupParseResult result, ReadOnlySpan<byte> data) => result switch
    {
        StartupParseResult.BadLength => "invalid length of startup packet",
        StartupParseResult.BadCancelKey => "invalid length of cancel key in cancel request packet",
        StartupParseResult.UnsupportedProtocol => DescribeVersion(data),
        StartupParseResult.BadLayout => "invalid startup packet layout: expected terminator as last byte",
        StartupParseResult.BadEncoding => "invalid startup packet: parameters must be UTF-8",
        StartupParseResult.MissingUser => "no PostgreSQL user name specified in startup packet",
        _ => "",
    };

    private static string DescribeVersion(ReadOnlySpan<byte> data)
    {
        uint code = data.Length >= MinLength ? BinaryPrimitives.ReadUInt32BigEndian(data[sizeof(int)..]) : 0;
        return $"unsupported frontend protocol {code >> 16}.{code & 0xffff}: server supports 3.0 to 3.2";
    }

    private static StartupParseResult ParseRequest(StartupPacketKind kind, int code, ReadOnlySpan<byte> body, out StartupPacket? packet)
    {
        packet = body.IsEmpty ? new StartupPacket(kind, code) : null;
        return body.IsEmpty ? StartupParseResult.Parsed : StartupParseResult.BadLength;
    }

    private static StartupParseResult ParseCancel(ReadOnlySpan<byte> body, out StartupPacket? packet)
    {
        packet = null;
        if (!BackendKeyData.TryParse(body, out int processId, out ReadOnlySpan<byte> key))
        {
            return body.Length < sizeof(int) ? StartupParseResult.BadLength : StartupParseResult.BadCancelKey;
        }

        packet = new StartupPacket(StartupPacketKind.CancelRequest, CancelRequestCode)
        {
            CancelProcessId = processId,
            CancelKey = key.ToArray(),
        };
        return StartupParseResult.Parsed;
    }

    private static StartupParseResult ParseStartup(int version, ReadOnlySpan<byte> body, out StartupPacket? packet)
    {
        packet = null;
        StartupPacket parsed = new(StartupPacketKind.Startup, version);
        MessageReader reader = new(body);
        while (reader.TryReadCString(out ReadOnlySpan<byte> name))
        {
            if (name.IsEmpty)
            {
                if (!reader.AtEnd)
                {
                    return StartupParseResult.BadLayout;
                }

                packet = string.IsNullOrEmpty(parsed.User) ? null : parsed;
                return packet is null ? StartupParseResult.MissingUser : StartupParseResult.Parsed;
            }

            if (!reader.TryReadCString(out ReadOnlySpan<byte> value))
            {
                return StartupParseResult.BadLayout;
            }

            if (!Utf8.IsValid(name) || !Utf8.IsValid(value))
            {
                return StartupParseResult.BadEncoding;
            }

            parsed.Add(Encoding.UTF8.GetString(name), Encoding.UTF8.GetString(value));
        }

        return StartupParseResult.BadLayout;
    }

    private void Add(string name, string value)
    {
        bool isOption = name.StartsWith(ProtocolOptionPrefix, StringComparison.Ordinal);
        (isOption ? _protocolOptions : _parameters).Add(new(name, value));
    }
}
