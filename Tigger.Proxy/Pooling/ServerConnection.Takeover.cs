using System.Net.Sockets;
using Tigger.Takeover;

namespace Tigger.Pooling;

/// <summary>Leaving this process together with the client that keeps the server.</summary>
public sealed partial class ServerConnection
{
    /// <summary>The lock of its client is held.</summary>
    internal MovedServer Describe() => new()
    {
        Host = Identity.Host,
        Connect = Identity.Connect is UnixDomainSocketEndPoint ? $"{Identity.Connect}" : $"{Identity.Remote}",
        ProcessId = Identity.ProcessId,
        CancelKey = Identity.CancelKey.ToArray(),
        Status = Status,
        Parameters = MovedParameters.From(Pool.Tracked, Parameters),
        AtLogin = MovedParameters.From(Pool.Tracked, AtLogin),
        Greeting = Greeting,
        Asked = Startup is { } startup ? MovedParameters.From(Pool.Tracked, startup.Asked) : null,
        Others = Startup?.Others,
        CloseNeeded = CloseNeeded,
    };

    /// <summary>Gives up the connection without closing it. The lock of its client is held, and the pool is to forget it.</summary>
    internal int Detach()
    {
        lock (Sync)
        {
            _dead = true;
            _client = null;
            State = ServerState.Closed;
            Notifications.Release();
            Statements.Release();
            LeaveRemote();
            return Socket.Detach();
        }
    }
}
