using System.Text;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Mirroring;

/// <summary>A client that does everything to a table of its own, the same things at every run.</summary>
internal sealed class MixedClient
{
    private const int Keys = 50;

    private readonly RawClient _client;
    private readonly Random _random;
    private readonly string _table;
    private int _statement;
    private int _newKey;

    private MixedClient(RawClient client, int number)
    {
        _client = client;
        _random = new Random(number);
        _table = $"t{number}";
    }

    public int Transactions { get; private set; }

    /// <summary>Transactions with an error in them.</summary>
    public int Failures { get; private set; }

    public static async Task<MixedClient> RunAsync(TiggerProcess pooler, int number, int transactions)
    {
        await using var client = await pooler.ClientAsync();
        var mixed = new MixedClient(client, number);
        while (mixed.Transactions < transactions)
            await mixed.StepAsync();
        return mixed;
    }

    private int Key => _random.Next(Keys);

    private string Upsert => $"INSERT INTO {_table} VALUES ({Key}, 'v{_random.Next(1000)}') ON CONFLICT (k) DO UPDATE SET v = excluded.v || {_table}.k";

    private Task StepAsync() => _random.Next(10) switch
    {
        0 => RunAsync(1, Frontend.Query(Upsert)),
        1 => RunAsync(1, Frontend.Query($"INSERT INTO {_table} VALUES ({Key}, 'perhaps twice')")),
        2 => BlockAsync(_random.Next(2) == 0 ? "ROLLBACK" : "COMMIT"),
        3 => FailedBlockAsync(),
        4 => RunAsync(1, Frontend.Query($"COPY {_table} FROM STDIN"), CopyData(), Frontend.CopyDone),
        5 => RunAsync(1, Frontend.Run($"COPY {_table} FROM STDIN"), Frontend.Sync, NewCopyData(), Frontend.CopyDone, Frontend.Sync),
        6 => RunAsync(3, Pipelined(), Pipelined(), Pipelined()),
        7 => PreparedAsync(),
        8 => RunAsync(1, Frontend.Query($"COPY {_table} FROM STDIN"), CopyData(), Frontend.CopyFail("no")),
        _ => RunAsync(1, Frontend.Query($"DELETE FROM {_table} WHERE k = {Key}; {Upsert}; SELECT count(*) FROM {_table}")),
    };

    private byte[] CopyData() => Frontend.CopyData(Encoding.ASCII.GetBytes($"{Key}\tcopied\n{Keys + _random.Next(100_000)}\t{new string('x', _random.Next(5000))}\n"));

    /// <summary>
    /// Keys that are not there: of a COPY that fails behind a Sync the pooler cannot tell how much is answered, and takes the next
    /// transaction for a part of the same.
    /// </summary>
    private byte[] NewCopyData() => Frontend.CopyData(Encoding.ASCII.GetBytes($"{--_newKey}\tcopied\n"));

    private byte[] Pipelined() => [.. Frontend.Run(Upsert), .. Frontend.Run($"UPDATE {_table} SET v = 'u' WHERE k = $1", $"{Key}"), .. Frontend.Sync];

    private async Task BlockAsync(string end)
    {
        await _client.QueryAsync("BEGIN");
        await _client.ExtendedAsync(Upsert);
        await _client.QueryAsync(Upsert);
        Count((await _client.QueryAsync(end)).Succeeded().SqlState is not null);
    }

    private async Task FailedBlockAsync()
    {
        await _client.QueryAsync("BEGIN");
        await _client.QueryAsync(Upsert);
        Assert.Equal("22012", (await _client.QueryAsync("SELECT 1 / 0")).SqlState);
        Assert.Equal("25P02", (await _client.ExtendedAsync(Upsert)).SqlState);
        await _client.QueryAsync("COMMIT");
        Count(hasFailed: true);
    }

    /// <summary>Prepares, and uses what was prepared a few transactions ago.</summary>
    private async Task PreparedAsync()
    {
        var sql = $"UPDATE {_table} SET v = v || $1 WHERE k = {Key}";
        await RunAsync(1, Frontend.Parse(sql, $"s{_statement++}"), Frontend.Sync);
        await RunAsync(1, Frontend.Bind($"s{_random.Next(_statement)}", values: "p"), Frontend.Execute(), Frontend.Sync);
    }

    private async Task RunAsync(int replies, params byte[][] messages)
    {
        await _client.SendAsync(Frontend.Concat(messages));
        Count((await _client.ReadRepliesAsync(replies)).Any(reply => reply.SqlState is not null));
    }

    private void Count(bool hasFailed)
    {
        Transactions++;
        Failures += hasFailed ? 1 : 0;
    }
}
