namespace Tigger.Config;

/// <summary>
/// PgBouncer's settings that are read but that this version does not act on yet. One that would weaken security if it were
/// passed over in silence is an error; the others are warnings where they are written.
/// </summary>
internal static class NotInThisVersion
{
    private const string WithoutEffect = "has no effect in this version";

    private static readonly string[] Ignored =
    [
        "auth_hba_file", "auth_ident_file", "auth_ldap_options", "auth_user", "dns_max_ttl", "dns_nxdomain_ttl",
        "dns_zone_check_period", "metrics_listen", "peer_id", "peers", "pidfile", "pool_idle_timeout",
        "resolv_conf", "server_fast_close", "syslog", "unix_socket_group", "user",
    ];

    /// <summary>Why a configuration cannot be put in force; null when it can.</summary>
    public static string? Refusal(TiggerConfig config) =>
        Check("", config, new Dictionary<string, ConfigMark>()).FirstOrDefault()?.Message;

    /// <summary>All there is to say about a file whose keys stand at <paramref name="places"/>.</summary>
    public static IEnumerable<ConfigFault> Check(string file, TiggerConfig config, IReadOnlyDictionary<string, ConfigMark> places)
    {
        if (config.AuthType is AuthType.Hba or AuthType.Ldap or AuthType.Pam)
        {
            yield return Fault("auth_type", "not in this version: any, trust, plain, md5, scram-sha-256 and cert are possible", FaultSeverity.Error);
        }

        foreach (string key in Ignored.Where(places.ContainsKey))
        {
            yield return Fault(key, WithoutEffect, FaultSeverity.Warning);
        }

        ConfigFault Fault(string key, string message, FaultSeverity severity)
        {
            ConfigMark place = places.GetValueOrDefault(key);
            return new ConfigFault(file, place.Line, place.Column, key, message, severity);
        }
    }
}
