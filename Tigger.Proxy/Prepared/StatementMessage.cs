using System.Buffers.Binary;
using Tigger.Protocol;
using Tigger.Relay;

namespace Tigger.Prepared;

/// <summary>Finds the statement's name in Parse, Bind, Describe and Close, and writes these messages with another name.</summary>
public static class StatementMessage
{
    private const byte Statement = (byte)'S';
    private const byte Portal = (byte)'P';

    /// <summary>A portal that no client has. Close of it is answered by CloseComplete and changes nothing.</summary>
    private static ReadOnlySpan<byte> NoPortal => "PGBOUNCER_none"u8;

    /// <param name="type">Any message's.</param>
    /// <param name="body">What has been seen of its body, and perhaps of what follows.</param>
    /// <param name="bodyLength">The declared length of the body.</param>
    /// <param name="name">Where in the body the name stands, without its zero; if it was found.</param>
    public static NameSearch Find(byte type, ReadOnlySpan<byte> body, int bodyLength, out Range name)
    {
        name = default;
        body = body[..Math.Min(body.Length, bodyLength)];
        NameSearch missing = body.Length < bodyLength ? NameSearch.Incomplete : NameSearch.None;
        int start = 0;
        switch (type)
        {
            case FrontendCode.Parse:
                break;
            case FrontendCode.Bind:
                // The portal's name comes first.
                start = body.IndexOf((byte)0) + 1;
                if (start == 0)
                {
                    return missing;
                }

                break;
            case FrontendCode.Describe or FrontendCode.Close:
                if (body.IsEmpty)
                {
                    return missing;
                }

                if (body[0] != Statement)
                {
                    return NameSearch.None;
                }

                start = 1;
                break;
            default:
                return NameSearch.None;
        }

        int length = body[start..].IndexOf((byte)0);
        if (length < 0)
        {
            return missing;
        }

        name = start..(start + length);
        bool isWhole = type is FrontendCode.Parse or FrontendCode.Bind || name.End.Value + 1 == bodyLength;
        return length > 0 && isWhole ? NameSearch.Found : NameSearch.None;
    }

    /// <param name="text">As of <see cref="PreparedStatement.Text"/>.</param>
    public static void WriteParse(PendingBytes output, ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        WriteHeader(output, FrontendCode.Parse, name.Length + 1 + text.Length);
        WriteString(output, name);
        output.Append(text);
    }

    /// <summary>The beginning of a Bind, up to and with the statement's name.</summary>
    /// <param name="portal">The portal's name, with its zero.</param>
    /// <param name="restLength">Bytes that follow in the same message.</param>
    public static void WriteBindHead(PendingBytes output, ReadOnlySpan<byte> portal, ReadOnlySpan<byte> name, int restLength)
    {
        WriteHeader(output, FrontendCode.Bind, portal.Length + name.Length + 1 + restLength);
        output.Append(portal);
        WriteString(output, name);
    }

    public static void WriteDescribe(PendingBytes output, ReadOnlySpan<byte> name) =>
        WriteTarget(output, FrontendCode.Describe, Statement, name);

    public static void WriteClose(PendingBytes output, ReadOnlySpan<byte> name) =>
        WriteTarget(output, FrontendCode.Close, Statement, name);

    /// <summary>
    /// What marks, in the server's replies, the place of a reply that the server need not give: it comes where PostgreSQL's own
    /// would, and not if that would not come because of an error.
    /// </summary>
    public static void WritePlaceholder(PendingBytes output) => WriteTarget(output, FrontendCode.Close, Portal, NoPortal);

    private static void WriteTarget(PendingBytes output, byte type, byte kind, ReadOnlySpan<byte> name)
    {
        WriteHeader(output, type, 1 + name.Length + 1);
        output.Append([kind]);
        WriteString(output, name);
    }

    private static void WriteHeader(PendingBytes output, byte type, int bodyLength)
    {
        Span<byte> header = stackalloc byte[MessageFramer.HeaderLength];
        header[0] = type;
        BinaryPrimitives.WriteInt32BigEndian(header[1..], MessageFramer.LengthFieldSize + bodyLength);
        output.Append(header);
    }

    private static void WriteString(PendingBytes output, ReadOnlySpan<byte> text)
    {
        output.Append(text);
        output.Append([0]);
    }
}
