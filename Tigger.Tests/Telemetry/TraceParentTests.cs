using System.Diagnostics;
using System.Text;
using Tigger.Telemetry.Traces;

namespace Tigger.Tests.Telemetry;

/// <summary>The comments by which statements say what trace they belong to.</summary>
public sealed class TraceParentTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Theory]
    [InlineData($"/*traceparent='{Parent}'*/ SELECT 1")]
    [InlineData($" \n/* action='a%20b',traceparent='{Parent}',x='y' */SELECT 1")]
    [InlineData($"SELECT 1 /*traceparent='{Parent}'*/")]
    [InlineData($"/* hint */ SELECT 1 /*traceparent='{Parent}'*/ ;\n")]
    public void Comment_at_either_end_is_read(string sql)
    {
        Assert.True(TraceParent.TryFind(Encoding.UTF8.GetBytes(sql), out var context));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", context.TraceId.ToHexString());
        Assert.Equal("b7ad6b7169203331", context.SpanId.ToHexString());
        Assert.Equal((ActivityTraceFlags.Recorded, true), (context.TraceFlags, context.IsRemote));
    }

    [Theory]
    [InlineData("")]
    [InlineData("SELECT 1")]
    [InlineData("/*")]
    [InlineData("*/")]
    [InlineData("/*/")]
    [InlineData("/**/")]
    [InlineData("/*traceparent='*/ SELECT 1")]
    [InlineData("/*traceparent=''*/ SELECT 1")]
    [InlineData("/*traceparent='00-xyz-b7ad6b7169203331-01'*/ SELECT 1")]
    [InlineData("/*traceparent='00-00000000000000000000000000000000-b7ad6b7169203331-01'*/ SELECT 1")]
    [InlineData($"SELECT '/*traceparent=''{Parent}''*/'")]
    [InlineData($"SELECT /*traceparent='{Parent}'*/ 1")]
    public void Anything_else_is_no_parent(string sql) => Assert.False(TraceParent.TryFind(Encoding.UTF8.GetBytes(sql), out _));
}
