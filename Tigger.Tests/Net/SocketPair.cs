using Tigger.Net;
using LibC = Tigger.Tests.Fixtures.LibC;

namespace Tigger.Tests.Net;

/// <summary>Two connected non-blocking sockets; whoever takes a descriptor closes it.</summary>
internal static unsafe class SocketPair
{
    private const int Unix = 1;

    public static (int Left, int Right) Create()
    {
        int* pair = stackalloc int[2];
        int type = LinuxConstants.SocketStream | LinuxConstants.SocketNonBlocking | LinuxConstants.SocketCloseOnExec;
        Assert.Equal(0, LibC.SocketPair(Unix, type, 0, pair));
        return (pair[0], pair[1]);
    }

    /// <summary>Both ends as awaitable sockets, each on a loop of its own.</summary>
    public static (AsyncSocket Left, AsyncSocket Right) Create(EventLoop leftLoop, EventLoop rightLoop)
    {
        (int left, int right) = Create();
        return (new AsyncSocket(leftLoop, left), new AsyncSocket(rightLoop, right));
    }
}
