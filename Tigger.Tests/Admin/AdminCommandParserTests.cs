using System.Diagnostics;
using Tigger.Admin;

namespace Tigger.Tests.Admin;

public sealed class AdminCommandParserTests
{
    [Theory]
    [InlineData("SHOW POOLS", AdminVerb.Show, "POOLS")]
    [InlineData("  show\t\r\n pools ;\n", AdminVerb.Show, "pools")]
    [InlineData("show \"pools\"", AdminVerb.Show, "pools")]
    [InlineData("SELECT version;", AdminVerb.Show, "version")]
    [InlineData("show client_encoding", AdminVerb.Show, "client_encoding")]
    [InlineData("SHOW HELP;", AdminVerb.Show, "HELP")]
    [InlineData("PAUSE", AdminVerb.Pause, "")]
    [InlineData("pause Shop;", AdminVerb.Pause, "Shop")]
    [InlineData("PAUSE \"my-db\"", AdminVerb.Pause, "my-db")]
    [InlineData("PAUSE \"a\"\"b c\" ;", AdminVerb.Pause, "a\"b c")]
    [InlineData("RESUME db", AdminVerb.Resume, "db")]
    [InlineData("DISABLE db", AdminVerb.Disable, "db")]
    [InlineData("ENABLE", AdminVerb.Enable, "")]
    [InlineData("RECONNECT", AdminVerb.Reconnect, "")]
    [InlineData("KILL", AdminVerb.Kill, "")]
    [InlineData("KILL_CLIENT 17", AdminVerb.KillClient, "17")]
    [InlineData("WAIT_CLOSE db", AdminVerb.WaitClose, "db")]
    [InlineData("SUSPEND", AdminVerb.Suspend, "")]
    [InlineData("RELOAD;", AdminVerb.Reload, "")]
    [InlineData("SHUTDOWN", AdminVerb.Shutdown, "")]
    [InlineData("shutdown wait_for_clients", AdminVerb.Shutdown, "wait_for_clients")]
    [InlineData("SELECT 1", AdminVerb.Probe, "1")]
    [InlineData("", AdminVerb.Empty, "")]
    [InlineData(" ;; \n", AdminVerb.Empty, "")]
    [InlineData("-- ping", AdminVerb.Empty, "")]
    [InlineData("BEGIN", AdminVerb.Harmless, "BEGIN")]
    [InlineData("begin transaction isolation level read committed;", AdminVerb.Harmless, "BEGIN")]
    [InlineData("START TRANSACTION", AdminVerb.Harmless, "START TRANSACTION")]
    [InlineData("commit", AdminVerb.Harmless, "COMMIT")]
    [InlineData("END;", AdminVerb.Harmless, "COMMIT")]
    [InlineData("ABORT", AdminVerb.Harmless, "ROLLBACK")]
    [InlineData("ROLLBACK", AdminVerb.Harmless, "ROLLBACK")]
    [InlineData("DISCARD ALL", AdminVerb.Harmless, "DISCARD ALL")]
    [InlineData("DEALLOCATE ALL", AdminVerb.Harmless, "DEALLOCATE ALL")]
    [InlineData("DEALLOCATE \"_p1\"", AdminVerb.Harmless, "DEALLOCATE")]
    public void Parse_Command_GivesVerbAndArgument(string text, AdminVerb verb, string argument) =>
        Assert.Equal(new AdminStatement(verb, argument), AdminCommandParser.Parse(text));

    [Theory]
    [InlineData("SET verbose = 1", "verbose", "1")]
    [InlineData("set verbose=1;", "verbose", "1")]
    [InlineData("SET pool_mode TO transaction", "pool_mode", "transaction")]
    [InlineData("SET auth_query = 'it''s; x'", "auth_query", "it's; x")]
    [InlineData("SET \"verbose\" = \"2\"", "verbose", "2")]
    [InlineData("SET server_reset_query = ''", "server_reset_query", "")]
    [InlineData("SET extra_float_digits = 3", "extra_float_digits", "3")]
    public void Parse_Set_GivesKeyAndValue(string text, string key, string value) =>
        Assert.Equal(new AdminStatement(AdminVerb.Set, key, value), AdminCommandParser.Parse(text));

    [Theory]
    [InlineData("DANCE")]
    [InlineData("SHOW")]
    [InlineData("SHOW NONSENSE")]
    [InlineData("SHOW POOLS CLIENTS")]
    [InlineData("SHOW POOLS; SHOW CLIENTS")]
    [InlineData("PAUSE my-db")]
    [InlineData("RELOAD now")]
    [InlineData("SUSPEND db")]
    [InlineData("SHUTDOWN slowly")]
    [InlineData("SET verbose")]
    [InlineData("SET verbose = 1 2")]
    [InlineData("BEGIN; SHUTDOWN")]
    [InlineData("DISCARD")]
    [InlineData("SELECT typname FROM pg_type")]
    [InlineData("\"")]
    public void Parse_AnythingElse_IsInvalidAsAWhole(string text) =>
        Assert.Equal(new AdminStatement(AdminVerb.Invalid, text), AdminCommandParser.Parse(text));

    [Fact]
    public void Parse_ArgumentTooLongForPgBouncer_IsBad()
    {
        Assert.Equal(AdminVerb.Pause, AdminCommandParser.Parse($"PAUSE {new string('x', 63)}").Verb);
        Assert.Equal(AdminVerb.BadArguments, AdminCommandParser.Parse($"PAUSE {new string('x', 64)}").Verb);
        Assert.Equal(AdminVerb.BadArguments, AdminCommandParser.Parse($"SET {new string('x', 64)} = 1").Verb);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("-- ")]
    [InlineData(" ")]
    [InlineData("\"\"")]
    [InlineData("begin ")]
    [InlineData("set x = 'a''")]
    public void Parse_HostileText_TakesNoTime(string piece)
    {
        string text = string.Concat(Enumerable.Repeat(piece, 60_000 / piece.Length)) + "\nx";
        long start = Stopwatch.GetTimestamp();
        _ = AdminCommandParser.Parse(text);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2));
    }
}
