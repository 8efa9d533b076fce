using System.Text.Json.Nodes;
using Tigger.Config;
using Tigger.Tests.Fixtures;
using YamlDotNet.Serialization;

namespace Tigger.Tests.Packages;

/// <summary>
/// The Helm chart. Helm itself is in no registry that is always there, so the templates are rendered by what it is made of, see
/// render-chart/main.go, and the schema is checked by another validator.
/// </summary>
[Trait(Packages.Trait, Packages.Yes)]
public sealed class ChartTests : IDisposable
{
    private static readonly string Chart = Repository.File("deploy", "helm", "tigger");

    private readonly TempDirectory _directory = new("chart");

    [Theory(Explicit = true)]
    [InlineData("deployment", "Deployment", "ConfigMap,Deployment,PodDisruptionBudget,Service")]
    [InlineData("statefulset", "StatefulSet", "ConfigMap,PodDisruptionBudget,Service,Service,StatefulSet")]
    [InlineData("daemonset", "DaemonSet", "ConfigMap,DaemonSet,Service")]
    public async Task Chart_InEachMode_RendersWhatTheModeNeeds(string mode, string workload, string kinds)
    {
        var values = Values(mode);
        var manifests = await RenderAsync(values);
        Assert.Equal(kinds, string.Join(',', manifests.Select(manifest => (string)manifest["kind"]!).Order(StringComparer.Ordinal)));

        var pod = manifests.Single(manifest => (string)manifest["kind"]! == workload)["spec"]!["template"]!;
        var container = pod["spec"]!["containers"]![0]!;
        Assert.Equal("tigger:0.1.0", (string)container["image"]!);
        Assert.True((bool)pod["spec"]!["securityContext"]!["runAsNonRoot"]!);
        Assert.Equal("ALL", (string)container["securityContext"]!["capabilities"]!["drop"]![0]!);
        // A Service finds the pods that the workload makes.
        foreach (var service in manifests.Where(manifest => (string)manifest["kind"]! == "Service"))
            Assert.True(JsonNode.DeepEquals(service["spec"]!["selector"], pod["metadata"]!["labels"]), $"{service}");
        // What is mounted is there to be mounted.
        var volumes = pod["spec"]!["volumes"]!.AsArray().Select(volume => (string)volume!["name"]!).ToHashSet();
        Assert.All(container["volumeMounts"]!.AsArray(), mount => Assert.Contains((string)mount!["name"]!, volumes));
    }

    /// <summary>The configuration is read by the program itself, in a StatefulSet after the init container's own script has run.</summary>
    [Theory(Explicit = true)]
    [InlineData("deployment")]
    [InlineData("statefulset")]
    [InlineData("daemonset")]
    public async Task Configuration_InEachMode_IsSound(string mode)
    {
        var manifests = await RenderAsync(Values(mode));
        var yaml = (string)manifests.Single(manifest => (string)manifest["kind"]! == "ConfigMap")["data"]!["tigger.yaml"]!;
        // The Secret, which is there in a cluster only.
        await File.WriteAllTextAsync(_directory.File("userlist.txt"), "\"app\" \"secret\"\n");
        yaml = yaml.Replace("/etc/tigger-secret", _directory.Path, StringComparison.Ordinal);
        await File.WriteAllTextAsync(_directory.File("tigger.yaml"), yaml);
        var file = _directory.File("tigger.yaml");
        if (mode == "statefulset")
        {
            file = _directory.File("own.yaml");
            var init = manifests.Single(manifest => (string)manifest["kind"]! == "StatefulSet")["spec"]!["template"]!["spec"]!["initContainers"]![0]!;
            var script = ((string)init["command"]![2]!)
                .Replace("/config/tigger.yaml", _directory.File("tigger.yaml"), StringComparison.Ordinal).Replace("/etc/tigger/tigger.yaml", file, StringComparison.Ordinal);
            (await PgTools.RunProgramAsync("sh", ["-c", script], variables: ("HOSTNAME", "pool-1"))).Succeeded();
        }

        var result = ConfigLoader.Load(file);
        Assert.Empty(result.Faults);
        Assert.Equal(mode == "statefulset" ? (2, 2) : (0, 0), (result.Config!.PeerId, result.Config.Peers.Count));
    }

    [Theory(Explicit = true)]
    [InlineData("mode", "\"deployment\"", true)]
    [InlineData("mode", "\"sidecar\"", false)]
    [InlineData("replica", "3", false)]
    [InlineData("terminationGracePeriodSeconds", "\"60\"", false)]
    public async Task Schema_TakesSoundValuesOnly(string key, string value, bool expected)
    {
        var values = Values("daemonset");
        values[key] = JsonNode.Parse(value);
        await File.WriteAllTextAsync(_directory.File("values.json"), values.ToJsonString());
        var result = await PgTools.RunProgramAsync("/usr/bin/python3", ["-m", "jsonschema", "-i", _directory.File("values.json"), Path.Combine(Chart, "values.schema.json")]);
        Assert.True(expected == (result.ExitCode == 0), result.All);
    }

    [Fact(Explicit = true)]
    public async Task Sidecar_OfTheExample_HasASoundConfiguration()
    {
        var text = await File.ReadAllTextAsync(Repository.File("deploy", "kubernetes", "sidecar.yaml"));
        var map = Documents(text).Single(manifest => (string)manifest["kind"]! == "ConfigMap");
        await File.WriteAllTextAsync(_directory.File("userlist.txt"), "\"app\" \"secret\"\n");
        var yaml = ((string)map["data"]!["tigger.yaml"]!).Replace("/etc/tigger-secret", _directory.Path, StringComparison.Ordinal);
        Assert.Empty(ConfigLoader.Parse(yaml, _directory.File("tigger.yaml")).Faults);
    }

    public void Dispose() => _directory.Dispose();

    private static JsonObject Values(string mode)
    {
        var values = Documents(File.ReadAllText(Path.Combine(Chart, "values.yaml"))).Single();
        values["mode"] = mode;
        values["userlistSecret"] = "users";
        return values;
    }

    private async Task<IReadOnlyList<JsonObject>> RenderAsync(JsonObject values)
    {
        var context = new JsonObject
        {
            ["Values"] = values,
            ["Release"] = new JsonObject { ["Name"] = "pool" },
            ["Chart"] = new JsonObject { ["AppVersion"] = "0.1.0" },
        };
        await File.WriteAllTextAsync(_directory.File("context.json"), context.ToJsonString());
        var rendered = await PgTools.RunProgramAsync(
            "sh",
            ["-c", "go run \"$1\" \"$2\" <\"$3\"", "sh", Repository.File("Tigger.Tests", "Packages", "render-chart", "main.go"), Path.Combine(Chart, "templates"), _directory.File("context.json")],
            variables: [("GO111MODULE", "off"), ("GOPATH", "/usr/share/gocode"), ("GOCACHE", Path.Combine(Path.GetTempPath(), "tigger-go-cache"))]);
        return Documents(rendered.Succeeded().Output);
    }

    /// <summary>The documents of a YAML stream that are not empty.</summary>
    private static IReadOnlyList<JsonObject> Documents(string yaml)
    {
        var reader = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var writer = new SerializerBuilder().JsonCompatible().Build();
        return [.. ("\n" + yaml).Split("\n---")
            .Select(document => reader.Deserialize<object?>(document))
            .Where(document => document is not null)
            .Select(document => JsonNode.Parse(writer.Serialize(document))!.AsObject())];
    }
}
