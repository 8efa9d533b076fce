using System.Text;
using Tigger.Pooling;
using Tigger.Protocol;

namespace Tigger.Tests.Pooling;

/// <summary>What is believed of requests and replies that go by.</summary>
public sealed class SessionTracesTests
{
    private readonly SessionTraces _traces = new(new TrackedParameters([]));

    public SessionTracesTests() => _traces.LinkBegins(TransactionStatus.Idle);

    [Theory]
    [InlineData("SET", SessionTrace.Setting)]
    [InlineData("PREPARE", SessionTrace.Statement)]
    [InlineData("LISTEN", SessionTrace.Channel)]
    [InlineData("DECLARE CURSOR", SessionTrace.Cursor)]
    [InlineData("CREATE TABLE", SessionTrace.Relation)]
    [InlineData("SELECT 5", SessionTrace.Relation)]
    [InlineData("PREPARE TRANSACTION", SessionTrace.None)]
    [InlineData("SET CONSTRAINTS", SessionTrace.None)]
    [InlineData("INSERT 0 1", SessionTrace.None)]
    public void Tag_LeavesItsTrace(string tag, SessionTrace trace)
    {
        Complete(tag);
        Assert.Equal(trace, _traces.Found);
    }

    [Fact]
    public void SelectWithRows_LeavesNone()
    {
        _traces.Message(BackendCode.RowDescription);
        Complete("SELECT 0");
        _traces.Message(BackendCode.DataRow);
        _traces.Message(BackendCode.NoticeResponse);
        Complete("SELECT 1");
        Assert.Equal(SessionTrace.None, _traces.Found);
    }

    [Fact]
    public void SetInBlock_IsInDoubtUntilTheBlockEnds()
    {
        Complete("BEGIN");
        Complete("SET");
        Assert.Equal(SessionTrace.SettingInBlock, _traces.Found);
        Complete("COMMIT");
        Complete("SET");
        Assert.Equal(SessionTrace.SettingInBlock | SessionTrace.Setting, _traces.Found);
    }

    [Fact]
    public void HarmlessSet_ExcusesOneTagOnly()
    {
        Query("SET LOCAL work_mem = 1");
        Complete("SET");
        Assert.Equal(SessionTrace.None, _traces.Found);
        Complete("SET");
        Assert.Equal(SessionTrace.Setting, _traces.Found);
    }

    [Fact]
    public void HarmlessSetThatFailed_ExcusesNothing()
    {
        Query("SET LOCAL work_mem = 1");
        _traces.Message(BackendCode.ErrorResponse);
        Complete("SET");
        Assert.Equal(SessionTrace.Setting, _traces.Found);
    }

    [Fact]
    public void HarmlessSetThatIsOnlyParsed_ExcusesNothing()
    {
        _traces.Request(FrontendCode.Parse, Bytes("\0SET LOCAL work_mem = 1\0\0\0"));
        _traces.Request(FrontendCode.Bind, Bytes("\0other\0\0\0\0\0\0\0"));
        _traces.Request(FrontendCode.Execute, Bytes("\0\0\0\0\0"));
        Complete("SET");
        Assert.Equal(SessionTrace.Setting, _traces.Found);
    }

    [Fact]
    public void HarmlessSetByExtendedProtocol_IsExcused()
    {
        _traces.Request(FrontendCode.Parse, Bytes("\0SET application_name = 'x'\0\0\0"));
        _traces.Request(FrontendCode.Bind, Bytes("\0\0\0\0\0\0\0\0"));
        _traces.Request(FrontendCode.Execute, Bytes("\0\0\0\0\0"));
        Complete("SET");
        Assert.Equal(SessionTrace.None, _traces.Found);
    }

    [Theory]
    [InlineData("pg_advisory_lock", SessionTrace.Lock)]
    [InlineData("pg_try_advisory_lock_shared", SessionTrace.Lock)]
    [InlineData("pg_advisory_xact_lock", SessionTrace.None)]
    [InlineData("set_config", SessionTrace.Configuration)]
    [InlineData("set_config_too", SessionTrace.None)]
    public void FirstColumn_NamesTheCall(string name, SessionTrace trace)
    {
        _traces.Columns(Bytes($"\0\u0001{name}\0"));
        Assert.Equal(trace, _traces.Found);
    }

    [Fact]
    public void ReportedParameter_CountsIfItStaysAnother()
    {
        _traces.Reported("search_path", isAsAtLogin: false);
        _traces.Reported("search_path", isAsAtLogin: true);
        _traces.TransactionEnds();
        Assert.Equal(SessionTrace.None, _traces.Found);
        _traces.Reported("search_path", isAsAtLogin: false);
        _traces.TransactionEnds();
        Assert.Equal(SessionTrace.Parameter, _traces.Found);
    }

    [Fact]
    public void DiscardAll_CleansEverything()
    {
        Complete("SET");
        _traces.Reported("search_path", isAsAtLogin: false);
        Complete("DISCARD ALL");
        _traces.TransactionEnds();
        Assert.Equal(SessionTrace.None, _traces.Found);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private void Query(string sql) => _traces.Request(FrontendCode.Query, Bytes(sql + "\0"));

    private void Complete(string tag)
    {
        _traces.Message(BackendCode.CommandComplete);
        _traces.CommandComplete(Bytes(tag + "\0"));
    }
}
