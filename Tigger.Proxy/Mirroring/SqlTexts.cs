using Tigger.Prepared;
using Tigger.Protocol;

namespace Tigger.Mirroring;

/// <summary>The SQL of a transaction, in the order in which it comes to be used; calls of functions by number have none.</summary>
internal ref struct SqlTexts(MirrorTransaction transaction)
{
    private readonly ReadOnlySpan<byte> _bytes = transaction.Bytes;
    private MessageFramer _framer;
    private int _offset;
    private int _named;

    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>The transaction calls a function by the protocol's own message.</summary>
    public bool HasFunctionCall { get; private set; }

    public bool MoveNext()
    {
        while (_framer.Next(_bytes, ref _offset) == FrameEvent.Message)
        {
            ReadOnlySpan<byte> body = _bytes.Slice(_offset, _framer.BodyLength);
            _framer.Next(_bytes, ref _offset);
            bool isNamed = StatementMessage.Find(_framer.Type, body, body.Length, out _) == NameSearch.Found;
            PreparedStatement? statement = isNamed ? transaction.Named[_named++] : null;
            switch (_framer.Type)
            {
                case FrontendCode.Query:
                    Current = UpToZero(body);
                    return true;
                case FrontendCode.Parse when !isNamed:
                    Current = UpToZero(body[(body.IndexOf((byte)0) + 1)..]);
                    return true;
                case FrontendCode.Bind when statement is not null:
                    Current = UpToZero(statement.Text);
                    return true;
                case FrontendCode.FunctionCall:
                    HasFunctionCall = true;
                    break;
            }
        }

        return false;
    }

    private static ReadOnlySpan<byte> UpToZero(ReadOnlySpan<byte> text)
    {
        int length = text.IndexOf((byte)0);
        return length < 0 ? text : text[..length];
    }
}
