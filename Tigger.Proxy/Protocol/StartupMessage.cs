using System.Diagnostics.CodeAnalysis;

namespace Tigger.Protocol;

/// <summary>A client's StartupMessage (PostgreSQL: "Message Formats", StartupMessage).</summary>
public sealed class StartupMessage
{
    /// <summary>Longest startup packet PostgreSQL takes, in bytes: MAX_STARTUP_PACKET_LENGTH and the length field itself.</summary>
    public const int MaximumLength = 10004;

    private StartupMessage(int version) => MinorVersion = version & 0xffff;

    /// <summary>Minor protocol version asked for; we speak 3.0 and say so to a client that asks for more.</summary>
    public int MinorVersion { get; }

    /// <summary>Parameters in the order given; the later of two with one name counts.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; private set; } = [];

    /// <summary>Names that begin with <c>_pq_.</c>: protocol extensions, none of which we know.</summary>
    public IReadOnlyList<string> ProtocolOptions { get; private set; } = [];

    public string? this[string name] => Parameters.LastOrDefault(parameter => parameter.Key == name).Value;

    /// <summary>Reads what follows the version number. False with a text when it is malformed.</summary>
    public static bool TryParse(
        int version, ReadOnlySpan<byte> body, [NotNullWhen(true)] out StartupMessage? message, out string error)
    {
        message = null;
        error = "invalid startup packet layout: expected terminator as last byte";
        List<KeyValuePair<string, string>> parameters = [];
        List<string> options = [];
        MessageReader reader = new(body);
        while (reader.TryCString(out string? name))
        {
            if (name.Length == 0)
            {
                if (!reader.Rest.IsEmpty)
                {
                    return false;
                }

                message = new StartupMessage(version) { Parameters = parameters, ProtocolOptions = options };
                return true;
            }

            if (!reader.TryCString(out string? value))
            {
                return false;
            }

            if (name.StartsWith("_pq_.", StringComparison.Ordinal))
            {
                options.Add(name);
            }
            else
            {
                parameters.Add(new(name, value));
            }
        }

        return false;
    }

    /// <summary>The message with which Tigger logs into PostgreSQL, protocol 3.0.</summary>
    public static byte[] Build(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        MessageWriter writer = new MessageWriter().BeginUntyped().Int32(StartupCode.Version3);
        foreach ((string name, string value) in parameters)
        {
            writer.CString(name).CString(value);
        }

        return writer.Byte(0).End().ToArray();
    }
}
