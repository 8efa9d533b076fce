using Tigger.Pooling;

namespace Tigger.Takeover;

/// <summary>Tracked parameters by name: the two processes may track different ones.</summary>
internal static class MovedParameters
{
    public static Dictionary<string, string> From(TrackedParameters tracked, ParameterProfile profile) =>
        Enumerable.Range(0, tracked.Names.Count)
            .Where(index => profile[index] is not null)
            .ToDictionary(index => tracked.Names[index], index => profile[index]!);

    public static ParameterProfile ToProfile(TrackedParameters tracked, IReadOnlyDictionary<string, string> values)
    {
        ParameterProfile profile = new(tracked.Names.Count);
        foreach ((string name, string value) in values)
        {
            profile = tracked.IndexOf(name) is >= 0 and var index ? profile.With(index, value) : profile;
        }

        return profile;
    }
}
