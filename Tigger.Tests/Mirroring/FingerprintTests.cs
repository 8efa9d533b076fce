using System.Text;
using Tigger.Mirroring;

namespace Tigger.Tests.Mirroring;

/// <summary>What is left of a statement without its values.</summary>
public sealed class FingerprintTests
{
    [Theory]
    [InlineData("SELECT 1", "select ?")]
    [InlineData("select * FROM t WHERE a=-1.5e-3 AND b='it''s' -- why", "select * from t where a =-? and b = ?")]
    [InlineData("SELECT E'\\'; DROP TABLE x', U&'d', B'01', x'ff', N'n'", "select ?")]
    [InlineData("SELECT $$a;b$$, $tag$ $$ $tag$, $1", "select ?, $1")]
    [InlineData("INSERT INTO t VALUES (1, 'a'), (2, 'b')", "insert into t values(?),(?)")]
    [InlineData("select /* a /* nested */ comment */ \"Weird \"\"name\" from s.t where x IN (1,2,  3)", "select \"Weird \"\"name\" from s.t where x in(?)")]
    [InlineData("BEGIN; ;  UPDATE t SET v = 'x'::text;", "begin; update t set v = ?::text")]
    [InlineData("select 'never ends", "select ?")]
    [InlineData("select $never$ ends", "select ?")]
    [InlineData("/* never ends", "")]
    [InlineData("", "")]
    public void Literals_and_comments_are_gone(string sql, string expected) =>
        Assert.Equal(expected.Replace(" ", "", StringComparison.Ordinal), Of(sql).Replace(" ", "", StringComparison.Ordinal));

    [Theory]
    [InlineData("select a from t where b = 'x'", "select a from t where b = ?")]
    [InlineData("SELECT f(a, 1) FROM t", "select f (a, ?) from t")]
    public void It_can_be_read(string sql, string expected) =>
        Assert.Equal(expected.Replace(" (", "(", StringComparison.Ordinal), Of(sql).Replace(" (", "(", StringComparison.Ordinal));

    [Fact]
    public void A_long_one_is_cut()
    {
        var cut = Of("SELECT " + string.Join(" + ", Enumerable.Range(0, 1000).Select(i => $"c{i}")));
        Assert.Equal(Fingerprint.MaximumLength, cut.Length);
        Assert.EndsWith("…", cut, StringComparison.Ordinal);
    }

    [Fact]
    public void No_bytes_make_it_fail()
    {
        var random = new Random(7);
        var bytes = new byte[64];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            for (var j = 0; j < bytes.Length; j++)
                bytes[j] = i % 2 == 0 ? bytes[j] : (byte)"'\"$-/*eE;.1a\\ "[bytes[j] % 14];
            Fingerprint.Of(bytes);
            StatementClass.IsRead(bytes);
        }
    }

    private static string Of(string sql) => Fingerprint.Of(Encoding.UTF8.GetBytes(sql));
}
