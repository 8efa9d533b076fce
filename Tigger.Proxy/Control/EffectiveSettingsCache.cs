using Tigger.Config;
using Tigger.Pooling;

namespace Tigger.Control;

/// <summary>
/// The settings of each user in each database, worked out once per configuration instead of once per session and look.
/// For one thread.
/// </summary>
internal sealed class EffectiveSettingsCache
{
    private readonly Dictionary<(DatabaseState, UserState), (DatabaseConfig Database, EffectiveSettings Settings)> _known = [];
    private TiggerConfig? _config;

    public EffectiveSettings Get(TiggerConfig config, DatabaseState database, UserState user)
    {
        if (!ReferenceEquals(_config, config))
        {
            _known.Clear();
            _config = config;
        }

        // A reload replaces the whole first and its databases after that: both must be those of the entry.
        DatabaseConfig current = database.Config;
        if (_known.TryGetValue((database, user), out var known) && ReferenceEquals(known.Database, current))
        {
            return known.Settings;
        }

        EffectiveSettings settings = EffectiveSettings.For(config, current, config.Users.GetValueOrDefault(user.Name));
        _known[(database, user)] = (current, settings);
        return settings;
    }
}
