using Tigger.Config;

namespace Tigger.Sessions;

/// <summary>Who may use the console; the names are those of users who have proved who they are.</summary>
public static class AdminLoginRules
{
    /// <summary>
    /// <c>admin_users</c> may do everything, <c>stats_users</c> may look, others are refused. With <c>auth_type</c> any, where
    /// nobody proves anything, PgBouncer lets everybody look.
    /// </summary>
    public static AdminLevel For(TiggerConfig config, string user, AuthType authType)
    {
        if (config.AdminUsers.Contains(user))
        {
            return AdminLevel.Admin;
        }

        return authType == AuthType.Any || config.StatsUsers.Contains(user) ? AdminLevel.Stats : AdminLevel.None;
    }
}
