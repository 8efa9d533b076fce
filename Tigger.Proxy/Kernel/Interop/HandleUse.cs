using System.Runtime.InteropServices;

namespace Tigger.Kernel.Interop;

/// <summary>
/// Keeps an owner open while something that belongs to it is used: its pointers and descriptor numbers mean something else
/// once it is closed. Throws <see cref="ObjectDisposedException"/> when it is.
/// </summary>
internal readonly ref struct HandleUse
{
    private readonly SafeHandle _owner;

    public HandleUse(SafeHandle owner)
    {
        bool added = false;
        owner.DangerousAddRef(ref added);
        _owner = owner;
    }

    public void Dispose() => _owner.DangerousRelease();
}
