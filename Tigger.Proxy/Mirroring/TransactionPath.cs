namespace Tigger.Mirroring;

/// <summary>Who has moved the bytes of a transaction.</summary>
public enum TransactionPath
{
    /// <summary>The relay.</summary>
    User,

    /// <summary>The kernel.</summary>
    Kernel,

    /// <summary>The kernel until something came up that is the relay's.</summary>
    Both,
}
