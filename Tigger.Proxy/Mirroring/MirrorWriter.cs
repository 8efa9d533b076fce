using Tigger.Prepared;
using Tigger.Protocol;
using Tigger.Relay;

namespace Tigger.Mirroring;

/// <summary>Puts a client's transaction into the words of a mirror's connection: named statements have names of our own there.</summary>
internal static class MirrorWriter
{
    /// <summary>Notes what is to be answered of a transaction that goes as it is.</summary>
    public static void Note(ReadOnlySpan<byte> bytes, IMirrorReplies replies)
    {
        MessageFramer framer = default;
        int offset = 0;
        while (framer.Next(bytes, ref offset) == FrameEvent.Message)
        {
            replies.Note(framer.Type, bytes.Slice(offset, framer.BodyLength));
            framer.Next(bytes, ref offset);
        }
    }

    /// <summary>Writes a transaction that names statements, and notes what is to be answered.</summary>
    public static void Write(MirrorTransaction transaction, MirrorStatements statements, IMirrorReplies replies, PendingBytes output)
    {
        ReadOnlySpan<byte> bytes = transaction.Bytes;
        MessageFramer framer = default;
        int offset = 0;
        int start = 0;
        int named = 0;
        int batch = 0;
        while (framer.Next(bytes, ref offset) == FrameEvent.Message)
        {
            ReadOnlySpan<byte> body = bytes.Slice(offset, framer.BodyLength);
            framer.Next(bytes, ref offset);
            if (StatementMessage.Find(framer.Type, body, body.Length, out Range name) != NameSearch.Found)
            {
                replies.Note(framer.Type, body);
                output.Append(bytes[start..offset]);
                batch += framer.Type == FrontendCode.Sync ? 1 : 0;
            }
            else if (transaction.Named[named++] is { } statement)
            {
                Prepare(statement, transaction.Source.Table, statements, batch, replies, output);
                WriteUse(framer.Type, body, name, statement, replies, output);
            }

            start = offset;
        }
    }

    private static void Prepare(
        PreparedStatement statement, StatementTable table, MirrorStatements statements, int batch, IMirrorReplies replies,
        PendingBytes output)
    {
        if (statements.Use(statement, table, batch, out bool closeFirst))
        {
            return;
        }

        if (closeFirst)
        {
            Close(statement);
        }

        StatementMessage.WriteParse(output, statement.UniqueName, statement.Text);
        replies.Note(FrontendCode.Parse);
        while (statements.TakeSurplus() is { } surplus)
        {
            Close(surplus);
        }

        void Close(PreparedStatement closed)
        {
            StatementMessage.WriteClose(output, closed.UniqueName);
            replies.Note(FrontendCode.Close);
        }
    }

    /// <summary>A Parse of the client's is done with: the statement is there.</summary>
    private static void WriteUse(
        byte type, ReadOnlySpan<byte> body, Range name, PreparedStatement statement, IMirrorReplies replies, PendingBytes output)
    {
        switch (type)
        {
            case FrontendCode.Describe:
                StatementMessage.WriteDescribe(output, statement.UniqueName);
                replies.Note(type);
                break;
            case FrontendCode.Bind:
                ReadOnlySpan<byte> rest = body[(name.End.Value + 1)..];
                StatementMessage.WriteBindHead(output, body[..name.Start], statement.UniqueName, rest.Length);
                output.Append(rest);
                replies.Note(type, body);
                break;
        }
    }
}
