using System.Security.Cryptography;
using System.Text;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>Clients on another host, PostgreSQL on the pooler's: the kernel does the work here too.</summary>
public sealed class RemoteClientTests(PostgresServer postgres) : KernelTest(postgres)
{
    private const int RequestsBeforeHandover = 50;

    private static readonly int Flips = Soak.Choose(usual: 600, soak: 50_000);

    [RequiresBpfTheory]
    [InlineData(4, 8, "simple")]
    [InlineData(16, 4, "simple")]
    [InlineData(16, 4, "extended")]
    public async Task Transactions_stay_in_the_kernel(int clients, int poolSize, string mode)
    {
        const int Each = 1000;
        var pooler = await StartRemoteAsync(poolSize);
        await InitialisePgbenchAsync();
        await using var console = await pooler.AdminAsync();
        await RunPgbenchAsync(pooler, clients, 20, mode);
        var before = await KernelCounters.ReadAsync(console);
        await RunPgbenchAsync(pooler, clients, Each, mode);
        var grown = await KernelCounters.SinceAsync(console, before);
        var inKernel = (Each - RequestsBeforeHandover) * clients;
        Assert.True(grown["request"] >= inKernel, $"{grown}");
        Assert.True(grown["remote_request"] + grown["wait"] >= inKernel, $"{grown}");
        Assert.True(grown["reply"] >= inKernel, $"{grown}");
        Assert.Equal(0, grown["cut_short"]);
        Assert.True(grown.Escapes <= clients, $"more than the first request of each client: {grown}");
        await AssertBalanceAsync(pooler, console, poolSize);
    }

    /// <summary>A segment may end anywhere; what is not whole goes through user space, and the next one through the kernel again.</summary>
    [RequiresBpfFact]
    public async Task Request_cut_at_every_offset_is_answered()
    {
        var pooler = await StartRemoteAsync(1);
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        await EnterKernelAsync(console, client);
        byte[] request = [.. Frontend.Run("SELECT $1::text", "cut"), .. Frontend.Sync, .. Frontend.Query("SELECT 'whole'")];
        var before = await KernelCounters.ReadAsync(console);
        for (var offset = 0; offset <= request.Length; offset++)
        {
            await client.SendAsync(request.AsMemory(0, offset));
            await Task.Delay(1);
            await client.SendAsync(request.AsMemory(offset));
            Assert.Equal("cut", (await client.ReadReplyAsync()).Succeeded().Rows[0][0]);
            Assert.Equal("whole", (await client.ReadReplyAsync()).Succeeded().Rows[0][0]);
            Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
            Assert.Equal("2", await client.ScalarAsync("SELECT 2"));
        }

        await client.SendInPiecesAsync(request, 1, TimeSpan.FromMilliseconds(1));
        Assert.Equal("cut", (await client.ReadReplyAsync()).Succeeded().Rows[0][0]);
        Assert.Equal("whole", (await client.ReadReplyAsync()).Succeeded().Rows[0][0]);
        var grown = await KernelCounters.SinceAsync(console, before);
        Assert.True(grown["escape_split"] > 0 && grown["escape_incomplete"] > 0, $"{grown}");
        Assert.True(grown["remote_request"] > request.Length / 2, $"{grown}");
        await AssertBalanceAsync(pooler, console, 1);
    }

    /// <summary>In and out of the kernel, with what it takes, what it leaves to user space, and what changes sides in the middle.</summary>
    [RequiresBpfFact]
    [Trait(Soak.Trait, Soak.Yes)]
    public async Task Session_that_flips_between_the_paths_loses_nothing()
    {
        const int Clients = 6;
        var pooler = await StartRemoteAsync(3);
        await using var console = await pooler.AdminAsync();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(number => Task.Run(() => FlipAsync(pooler, number))));
        Assert.Equal(0, (await console.CountersAsync())["kernel_cut_short"]);
        Assert.True((await console.CountersAsync())["kernel_remote_request"] > Flips / 4);
        await AssertBalanceAsync(pooler, console, 3);
    }

    private static async Task FlipAsync(TiggerProcess pooler, int number)
    {
        var random = new Random(number);
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync($"CREATE TABLE flip{number} (t text)");
        for (var i = 0; i < Flips / 6; i++)
        {
            var key = $"{number}/{i}";
            Assert.Equal(key, await client.ScalarAsync($"SELECT '{key}'"));
            switch (random.Next(4))
            {
                case 0:
                    await client.SendAsync(Frontend.Concat(Frontend.Parse($"SELECT '{key}'", "named"), Frontend.Bind("named"), Frontend.Execute(), Frontend.CloseStatement("named"), Frontend.Sync));
                    Assert.Equal(key, (await client.ReadReplyAsync()).Succeeded().Rows[0][0]);
                    break;
                case 1:
                    await CopyAsync(client, number, random.Next(1, 300_000), key);
                    break;
                case 2:
                    await ReadMuchAsync(client, random.Next(1, 200), key);
                    break;
                default:
                    await client.SendAsync(Frontend.Concat(Frontend.Query("BEGIN"), Frontend.Query($"SELECT '{key}'"), Frontend.Query("COMMIT")));
                    var replies = await client.ReadRepliesAsync(3);
                    Assert.Equal(key, replies[1].Succeeded().Rows[0][0]);
                    break;
            }
        }
    }

    private static async Task CopyAsync(RawClient client, int number, int length, string key)
    {
        var text = string.Concat(Enumerable.Repeat(key + "-", (length / key.Length) + 1));
        await client.SendAsync(Frontend.Concat(Frontend.Query($"COPY flip{number} FROM STDIN"), Frontend.CopyData(Encoding.ASCII.GetBytes(text + "\n")), Frontend.CopyDone));
        (await client.ReadReplyAsync()).Succeeded();
        var hash = Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(text)));
        Assert.Equal(hash, await client.ScalarAsync($"SELECT md5(t) FROM flip{number}"));
        (await client.QueryAsync($"TRUNCATE flip{number}")).Succeeded();
    }

    private static async Task ReadMuchAsync(RawClient client, int rows, string key)
    {
        var reply = (await client.QueryAsync($"SELECT n, repeat(md5('{key}/' || n), 200) FROM generate_series(1, {rows}) n")).Succeeded();
        Assert.Equal(rows, reply.Rows.Count);
        for (var n = 1; n <= rows; n++)
        {
            var hash = Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes($"{key}/{n}")));
            Assert.Equal($"{n}", reply.Rows[n - 1][0]);
            Assert.Equal(string.Concat(Enumerable.Repeat(hash, 200)), reply.Rows[n - 1][1]);
        }
    }

    private Task<TiggerProcess> StartRemoteAsync(int poolSize) => StartKernelAsync(poolSize, path: DataPath.KernelRemoteClient);
}
