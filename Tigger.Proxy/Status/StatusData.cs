using System.Text.Json;
using System.Text.Json.Serialization;
using Tigger.Admin;
using Tigger.Admin.Show;
using Tigger.Config;
using Tigger.Hosting;
using Tigger.Kernel;

namespace Tigger.Status;

/// <summary>What the status page draws, as JSON: rows of the console's SHOW commands, and the doctor's findings.</summary>
/// <param name="admin">What the commands are answered from.</param>
/// <param name="dataPath">Which data path is active and why.</param>
/// <param name="hasKernel">Whether it is the kernel's.</param>
internal sealed class StatusData(AdminContext admin, string dataPath, bool hasKernel)
{
    /// <summary>More rows of clients and servers nobody reads; how many there are is said.</summary>
    private const int MaximumRows = 200;

    private const string Capabilities = "capabilities";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Looked up once: none of it changes while the process lives. The capabilities were given up on purpose.</summary>
    private readonly Lazy<IReadOnlyList<KernelCheck>> _checks = new(() =>
    [
        hasKernel ? KernelCheck.Ok("data path", dataPath) : KernelCheck.Warn("data path", dataPath),
        .. KernelSupport.Prerequisites().Checks.Where(check => check.Name != Capabilities),
    ]);

    public string ToJson(bool isReady)
    {
        List<Dictionary<string, object?>> clients = [.. Rows<ShowClients>().Where(IsNotConsole)];
        List<Dictionary<string, object?>> servers = Rows<ShowServers>();
        return JsonSerializer.Serialize(
            new
            {
                Version = ProductVersion.Text,
                Ready = isReady,
                Paused = admin.Registry.IsPaused,
                Time = admin.Clock.GetUtcNow().ToUnixTimeMilliseconds(),
                Pools = Rows<ShowPools>().Where(IsNotConsole),
                Kernel = Rows<ShowKernel>(),
                Times = Rows<ShowTimes>().Where(row => row["kind"] is "transaction"),
                ClientCount = clients.Count,
                Clients = clients.OrderByDescending(Wait).Take(MaximumRows),
                ServerCount = servers.Count,
                Servers = servers.OrderByDescending(Wait).Take(MaximumRows),
                Checks = _checks.Value,
            },
            Options);
    }

    private List<Dictionary<string, object?>> Rows<TCommand>()
        where TCommand : IShowCommand, new()
    {
        TCommand command = new();
        ResultTable table = new(command.Columns);
        command.Fill(table, admin);
        return [.. table.Rows.Select(row => table.Columns.Zip(row).ToDictionary(pair => pair.First.Name, pair => pair.Second))];
    }

    private static bool IsNotConsole(Dictionary<string, object?> row) => row["database"] is not Limits.AdminDatabase;

    private static (object?, object?) Wait(Dictionary<string, object?> row) => (row["wait"], row["wait_us"]);
}
