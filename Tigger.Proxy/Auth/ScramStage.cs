namespace Tigger.Auth;

/// <summary>How far one SCRAM exchange has come; shared by both roles. Messages out of turn are refused.</summary>
internal enum ScramStage
{
    /// <summary>Server: nothing received. Client: nothing sent.</summary>
    Start,

    /// <summary>Client only: client-first sent, server-first awaited.</summary>
    FirstSent,

    /// <summary>Both first messages exchanged; the next is a final one.</summary>
    FirstDone,

    /// <summary>Succeeded or failed; nothing more is accepted.</summary>
    Ended,
}
