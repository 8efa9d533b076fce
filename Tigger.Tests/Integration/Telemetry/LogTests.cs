using System.Text.Json;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Telemetry;

/// <summary>The log's form, level and limit, also changed while it runs.</summary>
public sealed class LogTests(PostgresServer postgres) : PoolerTest(postgres)
{
    [Theory]
    [EachLocalDataPath]
    public async Task Set_LogFormatJson_LinesAreObjectsFromThenOn(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var admin = await pooler.AdminAsync();
        await admin.DoAsync("SET log_format = 'json'");
        await using (var client = await pooler.ClientAsync(Roles.Alice))
            await client.ScalarAsync("SELECT 1");
        await Eventually.TrueAsync(() => Attempts().Any(), "a login as an object");
        var fields = Attempts().First().GetProperty("fields");
        Assert.Equal((Roles.Alice, Database), (fields.GetProperty("user").GetString(), fields.GetProperty("database").GetString()));

        await admin.DoAsync("SET log_format = 'text'");
        var before = pooler.Log.Lines.Count;
        await using (await pooler.ClientAsync())
            await Eventually.TrueAsync(() => pooler.Log.Lines.Skip(before).Any(line => line.Contains("] LOG C-", StringComparison.Ordinal)), "a line as before");

        IEnumerable<JsonElement> Attempts() => pooler.Log.Lines
            .Where(line => line.StartsWith('{'))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.GetProperty("message").GetString()!.Contains($"login attempt: db={Database} user={Roles.Alice}", StringComparison.Ordinal));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task RepeatLimit_ManyAlike_OneLineSaysHowMany(DataPath path)
    {
        const int Tries = 8;
        var pooler = await StartAsync(path, config => config.Set("log_repeat_limit", 3).Set("log_disconnections", 0));
        for (var i = 0; i < Tries; i++)
            await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync(database: "nowhere"));
        await Eventually.TrueAsync(() => Refusals().Any(line => line.Contains("lines like this left out in 10 s]", StringComparison.Ordinal)), "the line that sums up", TimeSpan.FromSeconds(40));

        // A new ten seconds may have begun in between on a slow machine: whatever was not written is in a sum.
        await Eventually.EqualAsync(
            Tries,
            () => Task.FromResult(Refusals().Sum(line => line.Contains("left out", StringComparison.Ordinal)
                ? int.Parse(line[(line.LastIndexOf('[') + 1)..].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)
                : 1)),
            "lines written and left out");

        IEnumerable<string> Refusals() => pooler.Log.Lines.Where(line => line.Contains("pooler error: no such database", StringComparison.Ordinal));
    }
}
