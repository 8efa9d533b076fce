namespace Tigger.Pooling;

/// <summary>What became of a server that was handed on.</summary>
internal enum LendKind
{
    /// <summary>It is on the idle list.</summary>
    Idle,

    /// <summary>A client has been taken from the queue for it and must be linked to it now.</summary>
    Lent,

    /// <summary>The kernel has linked it to a waiting client, whose request has to be sent from here.</summary>
    InKernel,

    /// <summary>Something is on its way between us and the backend: to be handed on again in a moment.</summary>
    Dirty,
}
