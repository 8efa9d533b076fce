namespace Tigger.Sessions;

/// <summary>What a user may do on the admin console.</summary>
public enum AdminLevel
{
    /// <summary>Nothing: the login is refused.</summary>
    None,

    /// <summary>SHOW (<c>stats_users</c>).</summary>
    Stats,

    /// <summary>Everything (<c>admin_users</c>).</summary>
    Admin,
}
