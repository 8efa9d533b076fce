using System.Globalization;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Kernel;

/// <summary>
/// The programs, maps and links that one process holds, by the ids the kernel gives them. Others of the machine, such as those of
/// a Tigger of a test beside this one, are never counted.
/// </summary>
internal sealed record KernelObjects(IReadOnlySet<uint> Programs, IReadOnlySet<uint> Maps, IReadOnlySet<uint> Links)
{
    public int Count => Programs.Count + Maps.Count + Links.Count;

    public static KernelObjects Held() => HeldBy("self");

    public static KernelObjects HeldBy(int pid) => HeldBy(pid.ToString(CultureInfo.InvariantCulture));

    public KernelObjects Except(KernelObjects other) =>
        new(Programs.Except(other.Programs).ToHashSet(), Maps.Except(other.Maps).ToHashSet(), Links.Except(other.Links).ToHashSet());

    /// <summary>The kernel frees with a delay, after the last reader has left.</summary>
    public Task GoneAsync() => Eventually.TrueAsync(
        () => !Programs.Any(KernelIds.HasProgram) && !Maps.Any(KernelIds.HasMap) && !Links.Any(KernelIds.HasLink),
        "programs, maps and links leave the kernel");

    private static KernelObjects HeldBy(string process)
    {
        HashSet<uint> programs = [], maps = [], links = [];
        foreach (var file in Directory.EnumerateFiles($"/proc/{process}/fdinfo"))
        {
            var fields = Fields(file);
            // A link names its program too.
            if (fields.TryGetValue("link_id", out var link))
                links.Add(link);
            else if (fields.TryGetValue("prog_id", out var program))
                programs.Add(program);
            else if (fields.TryGetValue("map_id", out var map))
                maps.Add(map);
        }

        return new(programs, maps, links);
    }

    private static Dictionary<string, uint> Fields(string file)
    {
        try
        {
            return File.ReadLines(file)
                .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
                .Where(parts => parts is [var name, _] && name.EndsWith("_id", StringComparison.Ordinal))
                .ToDictionary(parts => parts[0], parts => uint.TryParse(parts[1], CultureInfo.InvariantCulture, out var id) ? id : 0);
        }
        catch (IOException)
        {
            // Other tests close descriptors meanwhile.
            return [];
        }
    }
}
