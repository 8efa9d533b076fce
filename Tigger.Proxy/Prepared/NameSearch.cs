namespace Tigger.Prepared;

/// <summary>Whether a message names a prepared statement.</summary>
public enum NameSearch
{
    /// <summary>The unnamed one, a portal, nothing, or a malformed message, which is PostgreSQL's to refuse.</summary>
    None,

    Found,

    /// <summary>More of the message has to be seen.</summary>
    Incomplete,
}
