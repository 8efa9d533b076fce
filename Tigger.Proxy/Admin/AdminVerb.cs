namespace Tigger.Admin;

/// <summary>What a console statement wants.</summary>
public enum AdminVerb
{
    /// <summary>Nothing: white space, comments, semicolons. Some drivers ping so.</summary>
    Empty,

    /// <summary>No command of ours.</summary>
    Invalid,

    /// <summary>A command of ours whose argument is too long.</summary>
    BadArguments,

    Show,
    Set,
    Disable,
    Enable,
    Kill,
    KillClient,
    Pause,
    Reconnect,

    /// <summary>Tigger's own: what the clients of a database do, as a COPY that lasts until the client leaves.</summary>
    Record,
    Reload,
    Resume,
    Shutdown,
    Suspend,
    WaitClose,

    /// <summary>For the process that follows in an online restart.</summary>
    Takeover,

    /// <summary><c>SELECT 1</c>: is anybody there?</summary>
    Probe,

    /// <summary>BEGIN, COMMIT, DISCARD ALL and the like, which drivers send unasked: accepted, nothing happens.</summary>
    Harmless,
}
