using System.Text;
using Tigger.Mirroring;

namespace Tigger.Tests.Mirroring;

/// <summary>What counts as reading.</summary>
public sealed class StatementClassTests
{
    [Theory]
    [InlineData("")]
    [InlineData("SELECT 1")]
    [InlineData("  (SELECT 'insert into t') UNION (TABLE u)")]
    [InlineData("WITH a AS (SELECT 1) SELECT * FROM a")]
    [InlineData("BEGIN; SELECT 1; COMMIT")]
    [InlineData("show all")]
    [InlineData("SET search_path = x; VALUES (1)")]
    [InlineData("EXPLAIN SELECT 1")]
    [InlineData("SELECT substring('a' for 1)")]
    public void Reads(string sql) => Assert.True(StatementClass.IsRead(Encoding.UTF8.GetBytes(sql)));

    [Theory]
    [InlineData("INSERT INTO t VALUES (1)")]
    [InlineData("SELECT 1; delete from t")]
    [InlineData("SELECT * FROM t FOR UPDATE")]
    [InlineData("select * from t for no key update")]
    [InlineData("select * from t for share")]
    [InlineData("select * from t for key share")]
    [InlineData("SELECT 1 INTO x")]
    [InlineData("WITH a AS (UPDATE t SET x = 1 RETURNING *) SELECT * FROM a")]
    [InlineData("EXPLAIN ANALYZE DELETE FROM t")]
    [InlineData("COPY t FROM STDIN")]
    [InlineData("CALL p()")]
    [InlineData("DO $$ begin end $$")]
    [InlineData("EXECUTE s")]
    [InlineData("LOCK t")]
    [InlineData("TRUNCATE t")]
    [InlineData("NOTIFY x")]
    public void Writes(string sql) => Assert.False(StatementClass.IsRead(Encoding.UTF8.GetBytes(sql)));
}
