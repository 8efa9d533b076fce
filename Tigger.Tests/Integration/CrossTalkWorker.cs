using System.Globalization;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>One client of the cross-talk test: asks things only it knows, and is now and then rude.</summary>
internal sealed class CrossTalkWorker(TiggerProcess pooler, int number, int queries, bool encrypted = false)
{
    private const string Cancelled = "57014";

    // Seeded by the worker's number, so that a failure repeats as far as scheduling lets it.
    private readonly Random _random = new(number);
    // Names of statements that the client has prepared.
    private readonly HashSet<string> _prepared = [];
    private int _asked;

    internal int Answered { get; private set; }

    internal async Task RunAsync()
    {
        var client = await ConnectAsync();
        try
        {
            while (_asked < queries)
            {
                switch (_random.Next(1000))
                {
                    case < 5:
                        await LeaveAsync(client);
                        _prepared.Clear();
                        client = await ConnectAsync();
                        break;
                    case < 10:
                        await CancelAsync(client);
                        break;
                    case < 20:
                        await ErrorAsync(client);
                        break;
                    case < 30:
                        await ErrorInBatchAsync(client);
                        break;
                    case < 33:
                        await ReadLateAsync(client);
                        break;
                    case < 43:
                        await InPiecesAsync(client);
                        break;
                    case < 48:
                        await CopyAsync(client);
                        break;
                    case < 53:
                        await ParameterAsync(client);
                        break;
                    case < 93:
                        await TransactionAsync(client);
                        break;
                    case < 143:
                        await PipelineAsync(client);
                        break;
                    case < 243:
                        await ExtendedAsync(client);
                        break;
                    case < 493:
                        await PreparedAsync(client);
                        break;
                    case < 543:
                        await PreparedPipelineAsync(client);
                        break;
                    default:
                        await SimpleAsync(client);
                        break;
                }
            }
        }
        finally
        {
            await client.DisposeAsync();
        }
    }

    private Task<RawClient> ConnectAsync() => encrypted ? pooler.EncryptedClientAsync() : pooler.ClientAsync();

    /// <summary>A number no other query of the run carries.</summary>
    private string Next() => ((number * 10_000_000L) + _asked++).ToString(CultureInfo.InvariantCulture);

    /// <summary>Mostly tiny, sometimes kilobytes, rarely up to a megabyte.</summary>
    private int Size() => _random.Next(1000) switch
    {
        0 => _random.Next(1_000_001),
        < 30 => _random.Next(20_000),
        _ => _random.Next(100),
    };

    private async Task SimpleAsync(RawClient client)
    {
        var (id, size) = (Next(), Size());
        Check(await client.QueryAsync($"SELECT '{id}', repeat('x', {size}), current_setting('cross.owner', true)"), id, size, owner: "");
    }

    private async Task ExtendedAsync(RawClient client)
    {
        var (id, size) = (Next(), Size());
        var reply = await client.ExtendedAsync("SELECT $1::text, $2::text, current_setting('cross.owner', true)", id, new string('x', size));
        Check(reply, id, size, owner: "");
    }

    private async Task PipelineAsync(RawClient client)
    {
        var ids = Enumerable.Range(0, _random.Next(2, 8)).Select(_ => Next()).ToList();
        await client.SendAsync(Frontend.Concat(ids.Select(id =>
            Frontend.Concat(Frontend.Run("SELECT $1::text, 'x', current_setting('cross.owner', true)", id), Frontend.Sync))));
        foreach (var id in ids)
            Check(await client.ReadReplyAsync(), id, 1, owner: "");
    }

    /// <summary>Marks the server as its own for one transaction; any other client that gets hold of it sees the mark.</summary>
    private async Task TransactionAsync(RawClient client)
    {
        var owner = Next();
        Assert.Equal('T', (await client.QueryAsync($"BEGIN; SELECT set_config('cross.owner', '{owner}', true)")).Succeeded().Status);
        var pid = await client.BackendPidAsync();
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            var (id, size) = (Next(), Size());
            Check(await client.QueryAsync($"SELECT '{id}', repeat('x', {size}), current_setting('cross.owner', true)"), id, size, owner);
            Assert.Equal(pid, await client.BackendPidAsync());
        }

        Assert.Equal('I', (await client.QueryAsync(_random.Next(2) == 0 ? "COMMIT" : "ROLLBACK")).Succeeded().Status);
    }

    /// <summary>By statements of names that all workers use: two of them for the same text, the others for texts of their own.</summary>
    private async Task PreparedAsync(RawClient client)
    {
        var (id, size, kind) = (Next(), Size(), _random.Next(5));
        var (name, own) = ($"statement {kind}", kind < 2 ? "shared" : $"{number}");
        byte[] parse = _prepared.Add(name) ? Frontend.Parse($"SELECT $1::text, $2::text, '{own}'", name) : [];
        await client.SendAsync(Frontend.Concat(parse, Frontend.Bind(name, "", id, new string('x', size)), Frontend.Execute(), Frontend.Sync));
        Check(await client.ReadReplyAsync(), id, size, own);
        if (_random.Next(10) > 0)
            return;
        _prepared.Remove(name);
        await client.SendAsync(Frontend.Concat(Frontend.CloseStatement(name), Frontend.Sync));
        Assert.Contains('3', (await client.ReadReplyAsync()).Succeeded().Types);
    }

    /// <summary>By those that are prepared already, in one send or several.</summary>
    private async Task PreparedPipelineAsync(RawClient client)
    {
        if (_prepared.Count == 0)
            return;
        var asked = Enumerable.Range(0, _random.Next(2, 6)).Select(_ => (Id: Next(), Name: _prepared.ElementAt(_random.Next(_prepared.Count)))).ToList();
        var bytes = Frontend.Concat(asked.Select(one =>
            Frontend.Concat(Frontend.Bind(one.Name, "", one.Id, "x"), Frontend.Execute(), Frontend.Sync)));
        await client.SendInPiecesAsync(bytes, _random.Next(4) == 0 ? bytes.Length / 2 : bytes.Length);
        foreach (var (id, name) in asked)
            Check(await client.ReadReplyAsync(), id, 1, name[^1] < '2' ? "shared" : $"{number}");
    }

    private async Task ErrorAsync(RawClient client)
    {
        var id = Next();
        var reply = await client.QueryAsync($"SELECT 'no number {id}'::int");
        CheckError(reply, id);
    }

    /// <summary>One answer, one error, and one request that must not be run.</summary>
    private async Task ErrorInBatchAsync(RawClient client)
    {
        var (before, wrong, skipped) = (Next(), Next(), Next());
        await client.SendAsync(Frontend.Concat(
            Frontend.Run("SELECT $1::text", before), Frontend.Run("SELECT $1::int", $"no number {wrong}"), Frontend.Run("SELECT $1::text", skipped), Frontend.Sync));
        var reply = await client.ReadReplyAsync();
        Assert.Equal(before, Assert.Single(reply.Rows)[0]);
        CheckError(reply, wrong);
        Answered++;
    }

    /// <summary>More than anybody keeps for it, while its server is held up and others wait.</summary>
    private async Task ReadLateAsync(RawClient client)
    {
        var (small, large, size) = (Next(), Next(), _random.Next(200_000, 2_000_000));
        await client.SendAsync(Frontend.Concat(
            Frontend.Query($"SELECT '{small}', 'x', ''"), Frontend.Query($"SELECT '{large}', repeat('x', {size}), ''")));
        await Task.Delay(_random.Next(20));
        Check(await client.ReadReplyAsync(), small, 1, owner: "");
        Check(await client.ReadReplyAsync(), large, size, owner: "");
    }

    private async Task InPiecesAsync(RawClient client)
    {
        var (first, second, size) = (Next(), Next(), Size());
        var bytes = Frontend.Concat(
            Frontend.Run("SELECT $1::text, $2::text, ''", first, new string('x', size)), Frontend.Sync, Frontend.Query($"SELECT '{second}', 'x', ''"));
        await client.SendInPiecesAsync(bytes, Math.Max(bytes.Length / _random.Next(2, 12), 1));
        Check(await client.ReadReplyAsync(), first, size, owner: "");
        Check(await client.ReadReplyAsync(), second, 1, owner: "");
    }

    private async Task CopyAsync(RawClient client)
    {
        var id = Next();
        await client.SendAsync(Frontend.Concat(
            Frontend.Query("BEGIN; CREATE TEMP TABLE crossing (id text) ON COMMIT DROP; COPY crossing FROM STDIN"),
            Frontend.CopyData(System.Text.Encoding.ASCII.GetBytes(id + "\n")), Frontend.CopyDone,
            Frontend.Query("SELECT id, 'x', '' FROM crossing"), Frontend.Query("COMMIT")));
        Assert.Equal('T', (await client.ReadReplyAsync()).Succeeded().Status);
        Check(await client.ReadReplyAsync(), id, 1, owner: "");
        Assert.Equal('I', (await client.ReadReplyAsync()).Succeeded().Status);
    }

    /// <summary>A parameter of its own for a while, which its next server must be told and the next client must not see.</summary>
    private async Task ParameterAsync(RawClient client)
    {
        var name = Next();
        Assert.Equal("", await client.ScalarAsync("SHOW application_name"));
        (await client.QueryAsync($"SET application_name = '{name}'")).Succeeded();
        for (var i = 0; i < 2; i++)
            Assert.Equal(name, await client.ScalarAsync("SHOW application_name"));
        (await client.QueryAsync("SET application_name = ''")).Succeeded();
        Answered++;
    }

    private async Task CancelAsync(RawClient client)
    {
        var id = Next();
        await client.SendAsync(Frontend.Query($"SELECT '{id}', 'x', '' FROM pg_sleep(0.01)"));
        await pooler.CancelAsync(client.Pid, client.Secret);
        var reply = await client.ReadReplyAsync();
        if (reply.SqlState != Cancelled)
            Check(reply, id, 1, owner: "");
        else
            Answered++;
    }

    /// <summary>Without a word, as the kernel closes the sockets of a process it kills: idle, in a request, a transaction, a batch.</summary>
    private async Task LeaveAsync(RawClient client)
    {
        byte[] last = _random.Next(5) switch
        {
            0 => Frontend.Query($"BEGIN; SELECT set_config('cross.owner', '{Next()}', true)"),
            1 => Frontend.Query($"SELECT '{Next()}', repeat('x', {Size()})"),
            2 => Frontend.Concat(Enumerable.Range(0, 5).Select(_ => Frontend.Query($"SELECT '{Next()}'"))),
            3 => Frontend.Run("SELECT $1::text", Next())[..^3],
            _ => [],
        };
        await client.SendAsync(last);
        if (_random.Next(2) == 0)
            client.Abort();
        await client.DisposeAsync();
    }

    private void Check(QueryReply reply, string id, int size, string owner)
    {
        var row = Assert.Single(reply.Succeeded().Rows);
        Assert.Equal(id, row[0]);
        Assert.Equal(size, row[1]!.Length);
        Assert.Equal(owner, row[2] ?? "");
        Answered++;
    }

    private void CheckError(QueryReply reply, string id)
    {
        Assert.Equal($"invalid input syntax for type integer: \"no number {id}\"", Assert.Single(reply.Errors).Field('M'));
        Assert.Equal('I', reply.Status);
        Answered++;
    }
}
