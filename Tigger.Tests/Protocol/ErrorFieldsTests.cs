using System.Text;
using Tigger.Protocol;

namespace Tigger.Tests.Protocol;

public sealed class ErrorFieldsTests
{
    [Theory]
    [InlineData("SFATAL|VFATAL|C57P01|Mgoing down|Fpostgres.c||", "FATAL 57P01 going down")]
    [InlineData("SFEHLER|VERROR|C42601|Mx||", "ERROR 42601 x")]
    [InlineData("SPANIC|C42601|Mx||", "PANIC 42601 x")]
    [InlineData("C42601|Mx||", "ERROR 42601 x")]
    [InlineData("SERROR|Mx||", "ERROR XX000 x")]
    [InlineData("SERROR|C426|Mx||", "ERROR XX000 x")]
    [InlineData("SERROR|C42601||", "ERROR 42601 unknown error")]
    [InlineData("SERROR|C42601|Mx", "ERROR 42601 unknown error")]
    [InlineData("SERROR|C42601|Mx|", "ERROR 42601 x")]
    [InlineData("|SFATAL|", "ERROR XX000 unknown error")]
    [InlineData("", "ERROR XX000 unknown error")]
    [InlineData("M", "ERROR XX000 unknown error")]
    public void Parse_FieldsMissingOrCutOff_HaveDefaults(string body, string expected)
    {
        ErrorFields fields = ErrorFields.Parse(Encoding.UTF8.GetBytes(body.Replace('|', '\0')));
        Assert.Equal(expected, $"{fields.Severity} {fields.SqlState} {fields.Message}");
    }

    [Theory]
    [InlineData("FATAL", true)]
    [InlineData("PANIC", true)]
    [InlineData("ERROR", false)]
    [InlineData("WARNING", false)]
    public void EndsConnection_BySeverity_IsTrueForFatalAndPanic(string severity, bool expected) =>
        Assert.Equal(expected, new ErrorFields(severity, "00000", "").EndsConnection);

    [Fact]
    public void Build_Fatal_HasPostgresFieldsInOrder() =>
        Assert.Equal("45" + "00000024" + Hex("SFATAL\0VFATAL\0C53300\0Mtoo many\0\0"), Convert.ToHexString(ErrorResponse.Fatal("53300", "too many")));

    [Fact]
    public void Build_ErrorAndNotice_ParseToWhatWasSaid()
    {
        byte[] error = ErrorResponse.Error("42601", "bäd");
        byte[] notice = ErrorResponse.Notice("hello");
        Assert.Equal((byte)'E', error[0]);
        Assert.Equal((byte)'N', notice[0]);
        Assert.Equal(new ErrorFields("ERROR", "42601", "bäd"), ErrorFields.Parse(error.AsSpan(5)));
        Assert.Equal(new ErrorFields("NOTICE", "00000", "hello"), ErrorFields.Parse(notice.AsSpan(5)));
    }

    private static string Hex(string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text));
}
