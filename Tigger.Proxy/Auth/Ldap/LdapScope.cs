namespace Tigger.Auth.Ldap;

/// <summary>How far below the base a search for the user goes.</summary>
public enum LdapScope
{
    /// <summary>The base itself; what a URL means that names none.</summary>
    Base,

    /// <summary>Its children.</summary>
    OneLevel,

    /// <summary>Everything below; what options without a URL mean.</summary>
    Subtree,
}
