using Tigger.Protocol;

namespace Tigger.Tests.Protocol;

/// <summary>Replays captures of a real PostgreSQL.</summary>
public sealed class GoldenTests
{
    public static IEnumerable<TheoryDataRow<string>> Sessions() => GoldenCapture.Names().Where(row => row.Data != "login");

    [Theory]
    [MemberData(nameof(Sessions))]
    public void IsQuiet_Capture_ExactlyWhereTheServerHasAnsweredAll(string name)
    {
        ReplyLedger ledger = new();
        Random random = new(name.Length);
        MessageFramer client = default;
        MessageFramer server = default;
        List<(char Mark, byte[] Bytes)> lines = [.. GoldenCapture.Read(name)];
        bool expected = true;
        for (int i = 0; i < lines.Count; i++)
        {
            (char mark, byte[] bytes) = lines[i];
            if (mark == '=')
            {
                continue;
            }

            foreach (byte type in Frame(ref mark == '>' ? ref client : ref server, bytes, random))
            {
                if (mark == '>')
                {
                    Assert.True(ledger.ClientMessage(type));
                    expected &= type is FrontendCode.CopyData or FrontendCode.CopyDone;
                }
                else if (type == BackendCode.ReadyForQuery)
                {
                    Assert.True(ledger.ReadyForQuery());
                    expected = lines[i + 1].Mark == '=';
                }
                else
                {
                    ledger.ServerMessage(type);
                }

                Assert.True(expected == ledger.IsQuiet, $"{name}, message {i}: quiet is {ledger.IsQuiet}");
            }
        }

        Assert.True(ledger.IsQuiet);
        Assert.Equal(0, ledger.ExpectedReadyForQuery);
    }

    [Fact]
    public void Login_Capture_IsParsed()
    {
        List<(char Mark, byte[] Bytes)> lines = [.. GoldenCapture.Read("login")];
        Assert.Equal(StartupParseResult.Parsed, StartupPacket.Parse(lines[0].Bytes, out int consumed, out StartupPacket? packet));
        Assert.Equal(lines[0].Bytes.Length, consumed);
        Assert.Equal(("postgres", "postgres"), (packet!.User, packet.Database));

        byte[] request = Assert.Single(GoldenCapture.ServerBodies("login", BackendCode.Authentication));
        Assert.True(AuthenticationParser.TryParseRequest(request, out AuthenticationCode code, out _));
        Assert.Equal(AuthenticationCode.Ok, code);

        byte[] key = Assert.Single(GoldenCapture.ServerBodies("login", BackendCode.BackendKeyData));
        Assert.True(BackendKeyData.TryParse(key, out int processId, out ReadOnlySpan<byte> secret));
        Assert.True(processId > 0);
        Assert.Equal(4, secret.Length);

        Dictionary<string, string> parameters = [];
        foreach (byte[] body in GoldenCapture.ServerBodies("login", BackendCode.ParameterStatus))
        {
            Assert.True(ParameterStatus.TryParse(body, out string name, out string value));
            parameters.Add(name, value);
        }

        Assert.Equal("on", parameters["integer_datetimes"]);
        Assert.Equal("on", parameters["standard_conforming_strings"]);
    }

    [Fact]
    public void Errors_Capture_AreParsed()
    {
        ErrorFields error = ErrorFields.Parse(GoldenCapture.ServerBodies("simple", BackendCode.ErrorResponse).First());
        Assert.Equal(("ERROR", "22012", "division by zero"), (error.Severity, error.SqlState, error.Message));

        ErrorFields notice = ErrorFields.Parse(GoldenCapture.ServerBodies("simple", BackendCode.NoticeResponse).Single());
        Assert.Equal(("NOTICE", "ReadyForQuery Z"), (notice.Severity, notice.Message));
    }

    [Fact]
    public void RowDescription_and_DataRow_OfTheSameColumn_EqualPostgres()
    {
        MessageWriter writer = new();
        RowDescription.Write(writer, [new ColumnDescription("?column?", ColumnDescription.Int4)]);
        DataRow.Write(writer, "1");
        CommandComplete.Write(writer, "SELECT 1");
        ReadyForQuery.Write(writer, TransactionStatus.Idle);
        byte[] expected = [.. GoldenCapture.Read("simple").Where(line => line.Mark == '<').Take(4).SelectMany(line => line.Bytes)];
        Assert.Equal(expected, writer.Written);
    }

    /// <summary>Types of the messages in the bytes of one line, fed in random pieces.</summary>
    private static List<byte> Frame(ref MessageFramer framer, byte[] bytes, Random random)
    {
        List<byte> types = [];
        for (int at = 0; at < bytes.Length;)
        {
            int size = Math.Min(random.Next(1, 9), bytes.Length - at);
            int offset = 0;
            FrameEvent frameEvent;
            while ((frameEvent = framer.Next(bytes.AsSpan(at, size), ref offset)) != FrameEvent.NeedMore)
            {
                Assert.NotEqual(FrameEvent.Invalid, frameEvent);
                if (frameEvent == FrameEvent.End)
                {
                    types.Add(framer.Type);
                }
            }

            at += size;
        }

        return types;
    }
}
