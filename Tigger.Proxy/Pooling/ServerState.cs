namespace Tigger.Pooling;

/// <summary>Where a server is in its life; SHOW SERVERS prints these words as PgBouncer does.</summary>
public enum ServerState
{
    /// <summary>Connecting or logging in; owned by its <see cref="ServerConnector"/>.</summary>
    Login,

    /// <summary>On the pool's idle list.</summary>
    Idle,

    /// <summary>Running the check or reset query; nobody's until that ends.</summary>
    Tested,

    /// <summary>Linked to a client.</summary>
    Active,

    /// <summary>Its client is done with it, but a cancel request sent to it may still arrive: not to be lent until it has.</summary>
    BeingCanceled,

    /// <summary>On its way from one client to the next or to the idle list; owned by the thread that moves it.</summary>
    InTransit,

    /// <summary>Idle, linked or just released in the kernel; <see cref="ServerConnection.State"/> never shows this.</summary>
    Kernel,

    /// <summary>The socket is closed.</summary>
    Closed,
}
