namespace Tigger.Config;

/// <summary>When a server connection goes back to its pool.</summary>
public enum PoolMode
{
    /// <summary>When the client disconnects.</summary>
    Session,

    /// <summary>When the transaction ends.</summary>
    Transaction,

    /// <summary>When the query ends; transactions of several statements are refused.</summary>
    Statement,
}
