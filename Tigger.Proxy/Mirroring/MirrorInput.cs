using Tigger.Net;
using Tigger.Pooling;
using Tigger.Protocol;
using Tigger.Relay;

namespace Tigger.Mirroring;

/// <summary>What C# reads of a mirror's replies.</summary>
internal static class MirrorInput
{
    /// <summary>Reads until nothing more is there. A message that is cut is kept.</summary>
    /// <exception cref="IOException">The connection broke, or PostgreSQL closed it.</exception>
    /// <exception cref="InvalidDataException">The server broke the protocol.</exception>
    public static void TakeIn(ServerConnection server, IReplySink sink)
    {
        byte[] buffer = RelayBuffer.ForThisThread();
        while (true)
        {
            int held = server.Held.MoveTo(buffer);
            int count = server.Transport.Receive(buffer.AsSpan(held));
            if (count <= 0)
            {
                server.Held.Append(buffer.AsSpan(0, held));
                switch (count)
                {
                    case LoopSocket.WouldBlock:
                        return;
                    case 0:
                        throw new EndOfStreamException("the mirror closed the connection");
                    default:
                        throw SocketFailure.Create("recv", -count);
                }
            }

            ReadOnlySpan<byte> data = buffer.AsSpan(0, held + count);
            int done = ReplyWalker.Walk(ref server.Framer, server.MaximumMessage, data, sink, out bool valid);
            if (!valid)
            {
                throw new InvalidDataException("the mirror broke the protocol");
            }

            server.Held.Append(data[done..]);
        }
    }

    /// <summary>Whether what came ends with a message.</summary>
    public static bool IsAtBoundary(ServerConnection server) => server.Framer.AtBoundary && server.Held.IsEmpty;

    /// <summary>Adds to a reply what a whole message tells. False: it breaks the protocol.</summary>
    public static bool Note(ref MirrorReply reply, ServerConnection server, byte type, ReadOnlySpan<byte> body)
    {
        if (server.Pool.Settings.WatchesSessions)
        {
            NoteTraces(server.Traces, type, body);
        }

        switch (type)
        {
            case BackendCode.ReadyForQuery:
                if (body.Length != 1)
                {
                    return false;
                }

                reply = reply with { ReadyForQuery = reply.ReadyForQuery + 1, Status = body[0], EndedAt = server.Pool.Clock.GetTimestamp() };
                break;
            case BackendCode.ParameterStatus:
                return server.TakeParameter(body);
            case BackendCode.CommandComplete when CommandTag.EndsStatements(body):
                reply = reply with { EndedStatements = true };
                break;
            case BackendCode.ErrorResponse:
                reply = reply with { SqlState = reply.SqlState ?? ErrorFields.Parse(body).SqlState };
                break;
        }

        return true;
    }

    /// <summary>What a client leaves behind in the session of a mirror.</summary>
    private static void NoteTraces(SessionTraces traces, byte type, ReadOnlySpan<byte> body)
    {
        traces.Message(type);
        switch (type)
        {
            case BackendCode.CommandComplete:
                traces.CommandComplete(body);
                break;
            case BackendCode.RowDescription:
                traces.Columns(body);
                break;
            case BackendCode.ReadyForQuery when body.Length == 1:
                traces.Ready(body[0]);
                break;
        }
    }
}
