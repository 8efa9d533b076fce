using Tigger.Config;
using Tigger.Pooling;
using Tigger.Protocol;

namespace Tigger.Sessions;

/// <summary>Who a client says it is and what parameters it wants, checked against the settings.</summary>
/// <param name="User">Name given.</param>
/// <param name="Database">Name given; the user's if none was.</param>
/// <param name="Parameters">Tracked parameters it asks for.</param>
/// <param name="ApplicationName">As given; empty if not.</param>
/// <param name="Others">Further parameters, which only a server of the client's own can have: with session pooling.</param>
public sealed record StartupRequest(
    string User,
    string Database,
    ParameterProfile Parameters,
    string ApplicationName,
    IReadOnlyList<KeyValuePair<string, string>> Others)
{
    /// <summary>Null: it is an ordinary client.</summary>
    public ReplicationStartup? Replication { get; private init; }

    /// <exception cref="LoginException">No user, names too long, or a parameter that would be lost between servers.</exception>
    public static StartupRequest From(StartupMessage message, TiggerConfig config, TrackedParameters tracked)
    {
        string user = message["user"] is { Length: > 0 } name ? name : throw new LoginException("no username supplied");
        string database = message["database"] is { Length: > 0 } wanted ? wanted : user;
        if (System.Text.Encoding.UTF8.GetByteCount(user) > Limits.UserNameBytes)
        {
            throw new LoginException("username too long");
        }

        List<KeyValuePair<string, string>> others = [];
        List<KeyValuePair<string, string>>? kept = HasServerOfItsOwn(config, database, user) ? others : null;
        ParameterProfile parameters = new(tracked.Names.Count);
        if (ReplicationStartup.From(message) is { } replication)
        {
            return new StartupRequest(user, database, parameters, message["application_name"] ?? "", []) { Replication = replication };
        }

        foreach ((string key, string value) in message.Parameters)
        {
            parameters = key switch
            {
                "user" or "database" or ReplicationStartup.ParameterName => parameters,
                "options" => Options(value, parameters, config, tracked, kept),
                _ => Apply(key, value, parameters, config, tracked, kept, "unsupported startup parameter: "),
            };
        }

        return new StartupRequest(user, database, parameters, parameters[tracked.IndexOf("application_name")] ?? "", others);
    }

    /// <summary>With session pooling a server can be opened with whatever the client asks for.</summary>
    private static bool HasServerOfItsOwn(TiggerConfig config, string database, string user) =>
        config.FindDatabase(database) is { } found
        && EffectiveSettings.For(config, found, config.Users.GetValueOrDefault(found.User ?? user)).PoolMode == PoolMode.Session;

    private static ParameterProfile Options(
        string options,
        ParameterProfile parameters,
        TiggerConfig config,
        TrackedParameters tracked,
        List<KeyValuePair<string, string>>? kept)
    {
        if (!StartupOptions.TryParse(options, out List<KeyValuePair<string, string>> settings, out _))
        {
            return IsIgnored(config, "options")
                ? parameters
                : throw new LoginException(
                    "unsupported options startup parameter: only '-c config=val' and '--config=val' are allowed");
        }

        foreach ((string key, string value) in settings)
        {
            if (tracked.IndexOf(key) < 0 && IsIgnored(config, "options"))
            {
                continue;
            }

            parameters = Apply(key, value, parameters, config, tracked, kept, "unsupported startup parameter in options: ");
        }

        return parameters;
    }

    private static ParameterProfile Apply(
        string key,
        string value,
        ParameterProfile parameters,
        TiggerConfig config,
        TrackedParameters tracked,
        List<KeyValuePair<string, string>>? kept,
        string refusal)
    {
        int index = tracked.IndexOf(key);
        if (index >= 0)
        {
            return parameters.With(index, value);
        }

        if (!IsIgnored(config, key))
        {
            (kept ?? throw new LoginException(refusal + key)).Add(new(key, value));
        }

        return parameters;
    }

    private static bool IsIgnored(TiggerConfig config, string name) =>
        config.IgnoreStartupParameters.Contains(name, StringComparer.OrdinalIgnoreCase);
}
