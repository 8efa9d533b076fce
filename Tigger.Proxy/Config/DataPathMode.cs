namespace Tigger.Config;

/// <summary>Who moves the bytes of a paired client and server (<c>data_path</c>).</summary>
public enum DataPathMode
{
    /// <summary>The kernel where it can, user space otherwise.</summary>
    Auto,

    /// <summary>The kernel; refuse to start where it cannot.</summary>
    Kernel,

    /// <summary>User space always.</summary>
    User,
}
