using static Tigger.Config.SettingFactory<Tigger.Config.TiggerConfig>;

namespace Tigger.Config;

/// <summary>The table entries of the group "Auth".</summary>
internal static class AuthSettings
{
    public static IReadOnlyList<Setting<TiggerConfig>> Entries { get; } =
    [
        Choice("auth_type", "md5", Choices.AuthTypes, c => c.AuthType, (c, v) => c with { AuthType = v }, "How clients prove who they are: any, trust, plain, md5, cert, hba, ldap, pam or scram-sha-256."),
        File("auth_hba_file", "", c => c.AuthHbaFile, (c, v) => c with { AuthHbaFile = v }, "Rules in pg_hba.conf form, for auth_type hba."),
        OptFile("auth_ident_file", c => c.AuthIdentFile, (c, v) => c with { AuthIdentFile = v }, "User name map in pg_ident.conf form, for the methods peer and cert."),
        OptFile("auth_file", c => c.AuthFile, (c, v) => c with { AuthFile = v }, "User names and passwords or secrets (userlist.txt)."),
        OptName("auth_user", Limits.UserNameBytes, c => c.AuthUser, (c, v) => c with { AuthUser = v }, "User that runs auth_query for names missing from auth_file."),
        Text("auth_query", "SELECT rolname, CASE WHEN rolvaliduntil < now() THEN NULL ELSE rolpassword END FROM pg_authid WHERE rolname=$1 AND rolcanlogin", c => c.AuthQuery, (c, v) => c with { AuthQuery = v }, "Query for a user's secret; must return exactly two columns, name and secret."),
        AuthDbname("auth_dbname", c => c.AuthDbname, (c, v) => c with { AuthDbname = v }, "Database in which auth_query runs; not set = the one the client asked for."),
        Seconds("auth_query_cache_ttl", "1", c => c.AuthQueryCacheTtl, (c, v) => c with { AuthQueryCacheTtl = v }, "How long a secret found by auth_query may be used for a password sent in clear or by md5; 0 = never.").OwnToTigger(),
        OptText("auth_ldap_options", c => c.AuthLdapOptions, (c, v) => c with { AuthLdapOptions = v }, "LDAP options for auth_type ldap.").Secret(),
        List("admin_users", "", c => c.AdminUsers, (c, v) => c with { AdminUsers = v }, "Users who may do everything on the admin console."),
        List("stats_users", "", c => c.StatsUsers, (c, v) => c with { StatsUsers = v }, "Users who may run SHOW (all but FDS) on the admin console."),
    ];
}
