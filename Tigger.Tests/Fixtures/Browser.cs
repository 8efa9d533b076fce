using System.Buffers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tigger.Tests.Fixtures;

/// <summary>A page in a headless Chromium, driven by the DevTools protocol (https://chromedevtools.github.io/devtools-protocol/).</summary>
public sealed class Browser : IAsyncDisposable
{
    private const string Chromium = "/usr/bin/chromium";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly TempDirectory _directory = new("chromium");
    private readonly ClientWebSocket _socket = new();
    private readonly List<string> _complaints = [];
    private ChildProcess? _process;
    private int _lastId;

    private Browser()
    {
    }

    /// <summary>What pages have written to the console as an error, and faults nobody caught.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    public static async Task<Browser> StartAsync()
    {
        Assert.True(File.Exists(Chromium), "chromium is missing: make test-deps");
        var browser = new Browser();
        try
        {
            await browser.ConnectAsync();
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    public Task OpenAsync(string address) => CallAsync("Page.navigate", new() { ["url"] = address });

    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="dark">What the page is told of the user's wish.</param>
    public async Task ResizeAsync(int width, int height, bool dark)
    {
        await CallAsync("Emulation.setDeviceMetricsOverride", new() { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = width < 600 });
        await CallAsync("Emulation.setEmulatedMedia", new()
        {
            ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }),
        });
    }

    /// <summary>The value of an expression in the page, as text.</summary>
    public async Task<string> EvaluateAsync(string expression)
    {
        var answer = await CallAsync("Runtime.evaluate", new() { ["expression"] = $"String({expression})", ["awaitPromise"] = true });
        Assert.True(answer["exceptionDetails"] is null, answer.ToJsonString());
        return answer["result"]!["value"]!.GetValue<string>();
    }

    /// <summary>Waits until an expression in the page is true.</summary>
    public Task WaitForAsync(string expression) =>
        Eventually.TrueAsync(async () => await EvaluateAsync(expression) == "true", $"{expression} in the page", TimeSpan.FromSeconds(60));

    /// <param name="key">Tab, Enter, or a letter.</param>
    public async Task PressAsync(string key)
    {
        var code = key switch
        {
            "Enter" => 13,
            "Tab" => 9,
            _ => 0,
        };
        JsonObject down = new() { ["type"] = "keyDown", ["key"] = key, ["windowsVirtualKeyCode"] = code };
        if (key is "Enter" or { Length: 1 })
            down["text"] = key == "Enter" ? "\r" : key;
        await CallAsync("Input.dispatchKeyEvent", down);
        await CallAsync("Input.dispatchKeyEvent", new() { ["type"] = "keyUp", ["key"] = key, ["windowsVirtualKeyCode"] = code });
    }

    /// <summary>Keeps a picture of the page, from top to bottom.</summary>
    public async Task<byte[]> SaveScreenAsync(string name)
    {
        var answer = await CallAsync("Page.captureScreenshot", new() { ["format"] = "png", ["captureBeyondViewport"] = true });
        var picture = Convert.FromBase64String(answer["data"]!.GetValue<string>());
        await Artifacts.SaveAsync(name, picture);
        return picture;
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        if (_process is not null)
        {
            _process.Send(Signal.Kill);
            await _process.WaitForExitAsync(StartLimit);
            await _process.DisposeAsync();
        }

        _directory.Dispose();
    }

    private async Task ConnectAsync()
    {
        var port = FreePort.Next();
        _process = ChildProcess.Start(Chromium,
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", $"--user-data-dir={_directory.Path}",
            $"--remote-debugging-port={port}", "about:blank",
        ]);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        string? address = null;
        await Eventually.TrueAsync(async () => (address = await FindPageAsync(http)) is not null, "a page of Chromium", StartLimit);
        await _socket.ConnectAsync(new Uri(address!), CancellationToken.None);
        await CallAsync("Page.enable", []);
        await CallAsync("Runtime.enable", []);
        await CallAsync("Log.enable", []);
    }

    private static async Task<string?> FindPageAsync(HttpClient http)
    {
        try
        {
            var pages = await http.GetFromJsonAsync<JsonArray>("/json/list");
            return pages!.FirstOrDefault(page => page!["type"]!.GetValue<string>() == "page")?["webSocketDebuggerUrl"]!.GetValue<string>();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task<JsonObject> CallAsync(string method, JsonObject parameters)
    {
        using var deadline = new CancellationTokenSource(StartLimit);
        var id = ++_lastId;
        var request = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(request), WebSocketMessageType.Text, true, deadline.Token);
        while (true)
        {
            var message = await ReceiveAsync(deadline.Token);
            if (message["id"]?.GetValue<int>() == id)
            {
                Assert.True(message["error"] is null, $"{method}: {message.ToJsonString()}");
                return message["result"]!.AsObject();
            }

            if (message["method"]?.GetValue<string>() is "Runtime.exceptionThrown"
                || (message["method"]?.GetValue<string>() is "Log.entryAdded" && message["params"]!["entry"]!["level"]!.GetValue<string>() == "error"))
            {
                _complaints.Add(message.ToJsonString());
            }
        }
    }

    private async Task<JsonObject> ReceiveAsync(CancellationToken cancellation)
    {
        var bytes = new ArrayBufferWriter<byte>();
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(bytes.GetMemory(64 * 1024), cancellation);
            bytes.Advance(part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(bytes.WrittenSpan)!.AsObject();
    }
}
