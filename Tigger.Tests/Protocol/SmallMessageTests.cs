using System.Text;
using Tigger.Protocol;

namespace Tigger.Tests.Protocol;

/// <summary>Messages that are little more than a header.</summary>
public sealed class SmallMessageTests
{
    [Fact]
    public void ParameterStatus_Written_ParsesToTheSame()
    {
        byte[] message = ParameterStatus.Write(new MessageWriter(), "TimeZone", "Europe/Zürich").ToArray();
        Assert.Equal((byte)'S', message[0]);
        Assert.True(ParameterStatus.TryParse(message.AsSpan(5), out string? name, out string? value));
        Assert.Equal(("TimeZone", "Europe/Zürich"), (name, value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("name")]
    [InlineData("name|")]
    [InlineData("name|value")]
    public void ParameterStatus_NotTerminated_IsRefused(string body) =>
        Assert.False(ParameterStatus.TryParse(Encoding.UTF8.GetBytes(body.Replace('|', '\0')), out _, out _));

    [Fact]
    public void NegotiateProtocolVersion_UnknownOptions_NamesThemBehindTheWholeVersion() =>
        Assert.Equal(
            "76" + "00000013" + "00030000" + "00000002" + "5F61" + "00" + "5F6263" + "00",
            Convert.ToHexString(NegotiateProtocolVersion.Build(["_a", "_bc"])));

    [Fact]
    public void NegotiateProtocolVersion_NoOptions_HasACountOfZero() =>
        Assert.Equal("76" + "0000000C" + "00030000" + "00000000", Convert.ToHexString(NegotiateProtocolVersion.Build([])));

    [Fact]
    public void ReadyForQuery_Status_IsItsOnlyByte() =>
        Assert.Equal("5A0000000545", Convert.ToHexString(ReadyForQuery.Build(TransactionStatus.Failed)));

    [Fact]
    public void Terminate_Message_IsAHeaderOnly() => Assert.Equal("5800000004", Convert.ToHexString(Terminate.Message));

    [Fact]
    public void CancelRequest_LongSecret_IsNotCut() =>
        Assert.Equal("00000013" + "04D2162E" + "00000007" + "0102030405" + "0607", Convert.ToHexString(CancelRequest.Build(7, [1, 2, 3, 4, 5, 6, 7])));

    [Fact]
    public void AuthenticationSasl_Offer_EndsWithAnEmptyMechanism() =>
        Assert.Equal(
            "52" + "00000017" + "0000000A" + Convert.ToHexString("SCRAM-SHA-256"u8) + "00" + "00",
            Convert.ToHexString(AuthenticationRequest.BuildSasl(withBinding: false)));

    [Fact]
    public void Query_Text_IsTerminated() =>
        Assert.Equal("51" + "00000006" + "78" + "00", Convert.ToHexString(QueryMessage.Build("x")));
}
