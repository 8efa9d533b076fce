using Tigger.Protocol;

namespace Tigger.Tests.Protocol;

/// <summary>What is built is what is parsed, and the bytes are those of the documentation.</summary>
public sealed class MessageTests
{
    private readonly MessageWriter _writer = new(0);

    private ReadOnlySpan<byte> Body => _writer.Written[MessageFramer.HeaderLength..];

    [Fact]
    public void Writer_TwoMessages_FillsInBothLengths()
    {
        Query.Write(_writer, "é");
        ReadyForQuery.Write(_writer, TransactionStatus.Failed);
        Assert.Equal("5100000007C3A9005A0000000545", Convert.ToHexString(_writer.Written));
        _writer.Clear();
        Assert.Equal(0, _writer.Length);
    }

    [Fact]
    public void Writer_ZeroInString_Throws()
    {
        Assert.Throws<ArgumentException>(() => Query.Write(_writer, "select 1\0; drop"));
        _writer.Clear();
        Assert.Throws<ArgumentException>(() => AuthenticationMessages.WritePassword(_writer, "a\0b"u8));
    }

    [Fact]
    public void Writer_NestedOrUnopenedMessage_Throws()
    {
        Assert.Throws<InvalidOperationException>(_writer.End);
        _writer.Begin(FrontendCode.Query);
        Assert.Throws<InvalidOperationException>(() => _writer.Begin(FrontendCode.Query));
    }

    [Fact]
    public void ParameterStatus_RoundTrip()
    {
        ParameterStatus.Write(_writer, "TimeZone", "");
        Assert.True(ParameterStatus.TryParse(Body, out string name, out string value));
        Assert.Equal(("TimeZone", ""), (name, value));
        Assert.False(ParameterStatus.TryParse(Body[..^1], out _, out _));
        Assert.False(ParameterStatus.TryParse([.. Body, 0], out _, out _));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void BackendKeyData_KeyLength_IsLimited(int length, bool valid)
    {
        byte[] key = new byte[length];
        Assert.Equal(valid, BackendKeyData.TryParse([0, 0, 0, 1, .. key], out int processId, out _));
        Assert.Equal(1, processId);
        if (valid)
        {
            BackendKeyData.Write(_writer, 1, key);
            Assert.Equal(length + 9, _writer.Length);
        }
        else
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => BackendKeyData.Write(_writer, 1, key));
        }
    }

    [Fact]
    public void CommandComplete_and_Query_RoundTrip()
    {
        CommandComplete.Write(_writer, "SHOW");
        Assert.True(CommandComplete.TryParse(Body, out string tag));
        Assert.Equal("SHOW", tag);
        Assert.True(Query.TryParse(Body, out _));
        Assert.False(Query.TryParse(Body[..^1], out _));
    }

    [Fact]
    public void ReadyForQuery_UnknownStatus_IsRefused()
    {
        Assert.True(ReadyForQuery.TryParse("T"u8, out TransactionStatus status));
        Assert.Equal(TransactionStatus.InTransaction, status);
        Assert.False(ReadyForQuery.TryParse("x"u8, out _));
        Assert.False(ReadyForQuery.TryParse("II"u8, out _));
        Assert.False(ReadyForQuery.TryParse(default, out _));
    }

    [Fact]
    public void NegotiateProtocolVersion_RoundTrip()
    {
        NegotiateProtocolVersion.Write(_writer, StartupMessages.Version32, ["_pq_.a", "_pq_.b"]);
        Assert.True(NegotiateProtocolVersion.TryParse(Body, out int version, out List<string> options));
        Assert.Equal(StartupMessages.Version32, version);
        Assert.Equal(["_pq_.a", "_pq_.b"], options);
        Assert.False(NegotiateProtocolVersion.TryParse([0, 3, 0, 0, 0x7f, 255, 255, 255], out _, out _));
        Assert.False(NegotiateProtocolVersion.TryParse([0, 3, 0, 0, 255, 255, 255, 255], out _, out _));
    }

    [Fact]
    public void ErrorResponse_RoundTrip()
    {
        new ErrorResponse("FATAL", "08P01", "no", "because", "do").Write(_writer);
        ErrorFields fields = ErrorFields.Parse(Body);
        Assert.Equal(
            ("FATAL", "08P01", "no", "because", "do"),
            (fields.Severity, fields.SqlState, fields.Message, fields.Detail, fields.Hint));
    }

    [Fact]
    public void ErrorFields_WithoutSqlState_AreTakenAsTheyAre()
    {
        ErrorFields fields = ErrorFields.Parse("SFEHLER\0Mboom\0"u8);
        Assert.Equal(("FEHLER", null, "boom"), (fields.Severity, fields.SqlState, fields.Message));
        Assert.Equal("08P01", ErrorResponse.FromServer(fields).SqlState);
        Assert.Equal("server login failed", ErrorResponse.FromServer(ErrorFields.Parse(default)).Message);
    }

    [Fact]
    public void ErrorResponse_Texts_AreThoseOfPgBouncer()
    {
        Assert.Equal("no more connections allowed (max_client_conn)", ErrorResponse.TooManyClients.Message);
        Assert.Equal("client_login_timeout (server down)", ErrorResponse.ClientLoginTimeoutServerDown.Message);
        Assert.Equal(
            "server login has been failing, cached error: x (server_login_retry)", ErrorResponse.ServerLoginFailing("x").Message);
        Assert.Equal("unsupported startup parameter in options: geqo", ErrorResponse.UnsupportedStartupParameterInOptions("geqo").Message);
        Assert.Equal(("FATAL", "08P01"), (ErrorResponse.NotAllowed.Severity, ErrorResponse.NotAllowed.SqlState));
    }

    [Fact]
    public void NoticeResponse_IsParsedAsFields()
    {
        NoticeResponse.Write(_writer, "WARNING", "01000", "careful");
        Assert.Equal((byte)'N', _writer.Written[0]);
        Assert.Equal("careful", ErrorFields.Parse(Body).Message);
    }

    [Fact]
    public void DataRow_PerColumnFormats_MixesTextAndBinary()
    {
        ColumnDescription[] columns =
        [
            new("a", ColumnDescription.Int4), new("b", ColumnDescription.Int8), new("c", ColumnDescription.Text),
            new("d", ColumnDescription.Bool), new("e", ColumnDescription.Int4),
        ];
        DataRow.Write(_writer, columns, [1, 1, 1, 1, 0], ["-2", "3", "é", "t", null]);
        Assert.Equal(
            "0005" + "00000004FFFFFFFE" + "000000080000000000000003" + "00000002C3A9" + "0000000101" + "FFFFFFFF",
            Convert.ToHexString(Body));
    }

    [Fact]
    public void FormatCodes_NoneOneOrPerColumn_FollowBind()
    {
        Assert.Equal(0, FormatCodes.At([], 5));
        Assert.Equal(1, FormatCodes.At([1], 5));
        Assert.Equal(1, FormatCodes.At([0, 1], 1));
        Assert.Equal(0, FormatCodes.At([1, 1], 2));
    }
}
