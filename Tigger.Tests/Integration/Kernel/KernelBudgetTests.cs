using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>What a receiver may have unread before user space relays at its pace, and that it is a setting.</summary>
public sealed class KernelBudgetTests(PostgresServer postgres) : KernelTest(postgres)
{
    private const int Rows = 64, RowLength = 8192;

    [RequiresBpfTheory]
    [InlineData(8192, true)]
    [InlineData(64 * 1024 * 1024, false)]
    public async Task Reply_to_a_client_that_does_not_read_leaves_the_kernel_past_the_budget(int budget, bool leaves)
    {
        var pooler = await StartKernelAsync(1, config => config.Set("kernel_budget", budget));
        await using var console = await pooler.AdminAsync();
        await AssertLeavesAsync(pooler, console, leaves);
    }

    [RequiresBpfFact]
    public async Task Reload_changes_it_for_pools_that_are_there()
    {
        var pooler = await StartKernelAsync(1);
        await using var console = await pooler.AdminAsync();
        await AssertLeavesAsync(pooler, console, true);
        (await console.Client.QueryAsync("SET kernel_budget = 67108864")).Succeeded();
        await AssertLeavesAsync(pooler, console, false);
    }

    private static async Task AssertLeavesAsync(TiggerProcess pooler, AdminConsole console, bool leaves)
    {
        await using var client = await pooler.ClientAsync();
        await EnterKernelAsync(console, client);
        var before = await KernelCounters.ReadAsync(console);
        await client.SendAsync(Frontend.Query($"SELECT repeat('x', {RowLength}) FROM generate_series(1, {Rows})"));
        await Eventually.TrueAsync(
            async () => await SinceAsync() is var now && (leaves ? now["escape_budget_reply"] > 0 : now["reply"] > Rows / 2),
            $"the reply {(leaves ? "leaves" : "stays in")} the kernel");
        Assert.Equal(leaves ? 1 : 0, (await SinceAsync())["escape_budget_reply"]);
        var reply = (await client.ReadReplyAsync()).Succeeded();
        Assert.Equal(Rows, reply.Rows.Count);
        Assert.All(reply.Rows, row => Assert.Equal(new string('x', RowLength), row[0]));

        Task<KernelCounters> SinceAsync() => KernelCounters.SinceAsync(console, before);
    }
}
