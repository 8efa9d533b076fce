using System.Buffers.Binary;
using System.Text;
using Tigger.Auth;
using Tigger.Protocol;

namespace Tigger.Pooling;

/// <summary>
/// Reads what a server answers to auth_query: two columns, name and secret, of which the last row counts. The texts of its
/// faults are PgBouncer's.
/// </summary>
internal sealed class AuthQueryReply
{
    private const int HeaderLength = 5;
    private const int Columns = 2;

    /// <summary>Null: no row has come.</summary>
    public AuthQueryRow? Row { get; private set; }

    /// <summary>ReadyForQuery has come, and the transaction is over.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Why the answer is of no use and the server to be closed; null as long as all is well.</summary>
    public string? Fault { get; private set; }

    /// <summary>
    /// Reads the whole messages at the front of <paramref name="data"/> and returns their length, also of those up to a fault;
    /// the rest is to be presented again with what follows.
    /// </summary>
    /// <param name="data">What the server sent.</param>
    /// <param name="parameterChanged">Told of the body of each ParameterStatus.</param>
    public int Take(ReadOnlySpan<byte> data, Func<ReadOnlySpan<byte>, bool> parameterChanged)
    {
        int taken = 0;
        while (!IsDone && Fault is null && data.Length - taken >= HeaderLength)
        {
            ReadOnlySpan<byte> rest = data[taken..];
            int length = BinaryPrimitives.ReadInt32BigEndian(rest[1..]);
            if (length < 4)
            {
                Fault = "bad packet";
                break;
            }

            if (length > rest.Length - 1)
            {
                break;
            }

            TakeMessage(rest[0], rest[HeaderLength..(1 + length)], parameterChanged);
            taken += 1 + length;
        }

        return taken;
    }

    private void TakeMessage(byte type, ReadOnlySpan<byte> body, Func<ReadOnlySpan<byte>, bool> parameterChanged)
    {
        switch (type)
        {
            case BackendCode.RowDescription:
                CheckColumns(new MessageReader(body), out _);
                break;
            case BackendCode.DataRow:
                TakeRow(new MessageReader(body));
                break;
            case BackendCode.ReadyForQuery:
                IsDone = true;
                Fault = body is [TransactionStatus.Idle] ? null : "unexpected response from auth_query";
                break;
            case BackendCode.ParameterStatus:
                Fault = parameterChanged(body) ? null : "bad packet";
                break;
            case BackendCode.ErrorResponse:
                Fault = $"error response from auth_query: {ErrorFields.Parse(body).Message}";
                break;
            case BackendCode.NoticeResponse or BackendCode.CommandComplete or BackendCode.ParseComplete or BackendCode.BindComplete
                or BackendCode.NotificationResponse:
                break;
            default:
                Fault = "unexpected response from auth_query";
                break;
        }
    }

    private bool CheckColumns(MessageReader reader, out MessageReader rest)
    {
        rest = default;
        if (!reader.TryInt16(out short columns))
        {
            Fault = "bad packet";
        }
        else if (columns != Columns)
        {
            Fault = $"expected 2 columns from auth_query, not {columns}";
        }

        rest = reader;
        return Fault is null;
    }

    private void TakeRow(MessageReader message)
    {
        if (!CheckColumns(message, out MessageReader reader))
        {
            return;
        }

        if (!TryText(ref reader, out string? name) || !TryText(ref reader, out string? secret))
        {
            Fault = "bad packet";
        }
        else if (name is null)
        {
            Fault = "auth_query response contained null user name";
        }
        else
        {
            Row = new AuthQueryRow(name, secret is null ? UserSecret.None : UserSecret.Parse(secret));
        }
    }

    /// <summary>A field; null for NULL. False: the message is cut short.</summary>
    private static bool TryText(ref MessageReader reader, out string? text)
    {
        text = null;
        if (!reader.TryInt32(out int length))
        {
            return false;
        }

        if (length == -1)
        {
            return true;
        }

        if (!reader.TryBytes(length, out ReadOnlySpan<byte> bytes))
        {
            return false;
        }

        text = Encoding.UTF8.GetString(bytes);
        return true;
    }
}
