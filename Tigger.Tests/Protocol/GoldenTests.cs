using System.Buffers.Binary;
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
        byte[] startup = GoldenCapture.Read("login").First().Bytes;
        Assert.Equal(startup.Length, BinaryPrimitives.ReadInt32BigEndian(startup));
        Assert.True(StartupMessage.TryParse(StartupCode.Version3, startup.AsSpan(8), out StartupMessage? packet, out _));
        Assert.Equal(("postgres", "postgres"), (packet["user"], packet["database"]));

        byte[] request = Assert.Single(GoldenCapture.ServerBodies("login", BackendCode.Authentication));
        Assert.Equal(AuthenticationRequest.Ok, BinaryPrimitives.ReadInt32BigEndian(request));

        byte[] key = Assert.Single(GoldenCapture.ServerBodies("login", BackendCode.BackendKeyData));
        Assert.Equal(8, key.Length);

        Dictionary<string, string> parameters = [];
        foreach (byte[] body in GoldenCapture.ServerBodies("login", BackendCode.ParameterStatus))
        {
            Assert.True(ParameterStatus.TryParse(body, out string? name, out string? value));
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
