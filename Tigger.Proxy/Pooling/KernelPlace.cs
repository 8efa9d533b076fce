namespace Tigger.Pooling;

/// <summary>Where a logged-in server is, seen from the kernel path.</summary>
internal enum KernelPlace
{
    /// <summary>With C#: relayed, tested, parked, or of a pool that is not in the kernel.</summary>
    UserSpace,

    /// <summary>On the idle list in the kernel.</summary>
    Idle,

    /// <summary>The kernel moves its bytes and its client's.</summary>
    Linked,

    /// <summary>Linked, but just given to a client that waited: it has not said anything to it yet.</summary>
    Granted,
}
