using Tigger.Protocol;

namespace Tigger.Relay;

/// <summary>Walks the bytes of a server over any split and presents the few messages the pooler must see whole.</summary>
public static class ReplyWalker
{
    // Longer errors stream through unseen; PostgreSQL's own are far smaller.
    private const int MaximumWantedError = 16 * 1024;

    /// <summary>Messages whose body is needed: they are held back until complete.</summary>
    public static bool IsWanted(byte type, int bodyLength) => type switch
    {
        BackendCode.ReadyForQuery or BackendCode.ParameterStatus or BackendCode.ParseComplete or BackendCode.CloseComplete => true,
        BackendCode.CommandComplete => CommandTag.MayEndStatements(bodyLength),
        BackendCode.ErrorResponse => bodyLength <= MaximumWantedError,
        _ => false,
    };

    /// <summary>
    /// Returns how many bytes at the front of <paramref name="data"/> may go on; the rest is the beginning of a message that
    /// must be presented again with what follows it, or, when <paramref name="valid"/> is false, breaks the protocol.
    /// </summary>
    public static int Walk<TSink>(
        ref MessageFramer framer, int maximumMessage, ReadOnlySpan<byte> data, TSink sink, out bool valid)
        where TSink : IReplySink
    {
        valid = true;
        int offset = 0;
        int start = 0;
        bool wanted = false;
        while (true)
        {
            switch (framer.Next(data, ref offset))
            {
                case FrameEvent.Message:
                    wanted = IsWanted(framer.Type, framer.BodyLength);
                    if (!wanted && !sink.OnMessage(framer.Type))
                    {
                        return Violation(ref framer, maximumMessage, start, out valid);
                    }

                    break;
                case FrameEvent.End:
                    if (wanted)
                    {
                        wanted = false;
                        byte type = framer.Type;
                        if (!sink.OnMessage(type) || !sink.OnWholeMessage(type, data[(start + 5)..offset], start))
                        {
                            return Violation(ref framer, maximumMessage, start, out valid);
                        }
                    }

                    start = offset;
                    break;
                case FrameEvent.NeedMore:
                    if (!framer.InHeader && !wanted)
                    {
                        return data.Length;
                    }

                    framer = new MessageFramer(maximumMessage);
                    return start;
                default:
                    return Violation(ref framer, maximumMessage, start, out valid);
            }
        }
    }

    private static int Violation(ref MessageFramer framer, int maximumMessage, int start, out bool valid)
    {
        framer = new MessageFramer(maximumMessage);
        valid = false;
        return start;
    }
}
