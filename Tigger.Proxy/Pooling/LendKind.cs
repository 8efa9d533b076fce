namespace Tigger.Pooling;

/// <summary>What became of a server that was handed on.</summary>
internal enum LendKind
{
    /// <summary>It is on the idle list.</summary>
    Idle,

    /// <summary>A client has been taken from the queue for it and must be linked to it now.</summary>
    Lent,
}
