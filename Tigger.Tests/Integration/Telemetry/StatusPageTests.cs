using System.Globalization;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Telemetry;

/// <summary>The status page in a browser, with load on the pooler.</summary>
public sealed class StatusPageTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const string Name = Database + "/" + Roles.Superuser;

    [Theory]
    [EachLocalDataPath]
    public async Task Page_UnderLoad_ShowsPoolsClientsServersAndTheDoctor(DataPath path)
    {
        var listener = FreePort.Next();
        var pooler = await StartAsync(path, config => config.Set("metrics_listen", $"127.0.0.1:{listener}").Set("default_pool_size", 3));
        using var stop = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 5).Select(_ => WorkAsync(pooler, stop.Token)));
        await using var browser = await Browser.StartAsync();
        await browser.ResizeAsync(1280, 1000, dark: false);
        await browser.OpenAsync($"http://127.0.0.1:{listener}/");

        // A second look has rates.
        await browser.WaitForAsync("document.querySelectorAll('#cards path').length === 4 && (past.get('" + Name + "') ?? []).length > 5");
        await browser.WaitForAsync("recent({ database: '" + Database + "', user: '" + Roles.Superuser + "' }, '" + (path == DataPath.User ? "user" : "kernel") + "') > 0");
        Assert.Equal(Name, await browser.EvaluateAsync("document.querySelector('#cards h3').textContent"));
        Assert.Equal(path == DataPath.User ? "user" : "kernel", await browser.EvaluateAsync("document.querySelector('#cards .badge').textContent"));
        Assert.Equal("ready", await browser.EvaluateAsync("document.querySelector('#state').textContent"));
        Assert.Equal(5, await NumberAsync(browser, "document.querySelectorAll('#clients tbody tr').length"));
        Assert.InRange(await NumberAsync(browser, "document.querySelectorAll('#servers tbody tr').length"), 1, 3);
        Assert.Contains("data path", await browser.EvaluateAsync("document.querySelector('#checks').textContent"), StringComparison.Ordinal);
        await browser.SaveScreenAsync($"status-{path}-light.png");
        var light = await browser.EvaluateAsync("getComputedStyle(document.body).backgroundColor");

        await browser.ResizeAsync(390, 844, dark: true);
        await browser.WaitForAsync("matchMedia('(prefers-color-scheme: dark)').matches");
        Assert.NotEqual(light, await browser.EvaluateAsync("getComputedStyle(document.body).backgroundColor"));
        Assert.Equal("true", await browser.EvaluateAsync("document.documentElement.scrollWidth <= innerWidth"));
        await browser.SaveScreenAsync($"status-{path}-phone-dark.png");

        Assert.Empty(browser.Complaints);
        await stop.CancelAsync();
        await load;
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Page_ByKeyboard_FiltersAndSorts(DataPath path)
    {
        var listener = FreePort.Next();
        var pooler = await StartAsync(path, config => config.Set("metrics_listen", $"127.0.0.1:{listener}"));
        await using var one = await pooler.ClientAsync(parameters: ("application_name", "<script>alert(1)</script>"));
        await using var other = await pooler.ClientAsync(Roles.Alice);
        await one.ScalarAsync("SELECT 1");
        await using var browser = await Browser.StartAsync();
        await browser.OpenAsync($"http://127.0.0.1:{listener}/");
        await browser.WaitForAsync("document.querySelectorAll('#clients tbody tr').length === 2");

        // Whatever a client calls itself is text.
        Assert.Contains("<script>alert(1)</script>", await browser.EvaluateAsync("document.querySelector('#clients').textContent"), StringComparison.Ordinal);
        Assert.Equal("1", await browser.EvaluateAsync("document.scripts.length"));

        await browser.PressAsync("Tab");
        Assert.Equal("filter", await browser.EvaluateAsync("document.activeElement.id"));
        foreach (var letter in Roles.Alice)
            await browser.PressAsync($"{letter}");
        await browser.WaitForAsync("document.querySelectorAll('#clients tbody tr').length === 1 && document.querySelectorAll('#cards article').length === 1");

        // On to the summary of the first table, its scrolled box, and the button of its first column.
        for (var i = 0; i < 3; i++)
            await browser.PressAsync("Tab");
        Assert.Equal("Database", await browser.EvaluateAsync("document.activeElement.textContent"));
        await browser.PressAsync("Enter");
        await browser.WaitForAsync("document.querySelector('#pools th').getAttribute('aria-sort') === 'ascending'");
        Assert.Empty(browser.Complaints);
    }

    private static async Task<int> NumberAsync(Browser browser, string expression) =>
        int.Parse(await browser.EvaluateAsync(expression), CultureInfo.InvariantCulture);

    private static async Task WorkAsync(TiggerProcess pooler, CancellationToken stop)
    {
        await using var client = await pooler.ClientAsync(parameters: ("application_name", "load"));
        while (!stop.IsCancellationRequested)
            await client.ScalarAsync("SELECT pg_sleep(0.002)");
    }
}
