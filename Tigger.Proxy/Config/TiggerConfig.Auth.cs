namespace Tigger.Config;

// Settings of the group "Auth": PgBouncer's names, meanings and defaults.
public sealed partial record TiggerConfig
{
    /// <summary><c>auth_type</c>: How clients prove who they are: any, trust, plain, md5, cert, hba, ldap, pam or scram-sha-256.</summary>
    public AuthType AuthType { get; init; } = AuthType.Md5;

    /// <summary><c>auth_hba_file</c>: Rules in pg_hba.conf form, for auth_type hba.</summary>
    public string AuthHbaFile { get; init; } = "";

    /// <summary><c>auth_ident_file</c>: User name map in pg_ident.conf form, for the methods peer and cert.</summary>
    public string? AuthIdentFile { get; init; }

    /// <summary><c>auth_file</c>: User names and passwords or secrets (userlist.txt).</summary>
    public string? AuthFile { get; init; }

    /// <summary><c>auth_user</c>: User that runs auth_query for names missing from auth_file.</summary>
    public string? AuthUser { get; init; }

    /// <summary><c>auth_query</c>: Query for a user's secret; must return exactly two columns, name and secret.</summary>
    public string AuthQuery { get; init; } = "SELECT rolname, CASE WHEN rolvaliduntil < now() THEN NULL ELSE rolpassword END FROM pg_authid WHERE rolname=$1 AND rolcanlogin";

    /// <summary><c>auth_dbname</c>: Database in which auth_query runs; not set = the one the client asked for.</summary>
    public string? AuthDbname { get; init; }

    /// <summary><c>auth_query_cache_ttl</c>: How long a secret found by auth_query may be used for a password sent in clear or by md5; 0 = never.</summary>
    public TimeSpan AuthQueryCacheTtl { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary><c>auth_ldap_options</c>: LDAP options for auth_type ldap.</summary>
    public string? AuthLdapOptions { get; init; }

    /// <summary><c>admin_users</c>: Users who may do everything on the admin console.</summary>
    public ValueList<string> AdminUsers { get; init; } = [];

    /// <summary><c>stats_users</c>: Users who may run SHOW (all but FDS) on the admin console.</summary>
    public ValueList<string> StatsUsers { get; init; } = [];
}
