using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Tigger.Kernel;
using Tigger.Kernel.Calls;

namespace Tigger.Tests.Kernel;

/// <summary>The kernel path with a listener for clients and one that plays PostgreSQL. Everything is released in the end.</summary>
internal sealed class KernelBench : IDisposable
{
    public const ulong Profile = 7;

    private static readonly byte[] Greeting = [.. "Z"u8, 0, 0, 0, 5, .. "I"u8];

    private readonly List<IDisposable> _open = [];
    private readonly Socket _front;
    private readonly Socket _back;

    public KernelBench(IPAddress? front = null, int maximumClients = 100, int copyBytes = KernelPath.DefaultCopyBytes)
    {
        // First what may fail: a constructor that throws leaves nothing to dispose.
        Path = KernelPath.Open(NullLogger.Instance, maximumClients, copyBytes);
        _front = Listen(front ?? IPAddress.Loopback);
        _back = Listen(IPAddress.Loopback);
        Pool = Path.AllocatePool();
        Path.Slots.Pool((uint)Pool).Budget = 1 << 20;
        Path.AddListener(Front);
    }

    public KernelPath Path { get; }

    public int Pool { get; }

    /// <summary>Our end of the server connected last.</summary>
    public Socket? Ours { get; private set; }

    public IPEndPoint Front => (IPEndPoint)_front.LocalEndPoint!;

    public IPEndPoint Back => (IPEndPoint)_back.LocalEndPoint!;

    /// <summary>A connection of a client to our listener.</summary>
    public (Socket Client, Socket Accepted) ConnectClient(IPAddress? address = null)
    {
        IPEndPoint target = new(address ?? Front.Address, Front.Port);
        Socket client = Keep(new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        if (target.Address.IsIPv4MappedToIPv6) client.DualMode = true;
        client.Connect(target);
        return (client, Keep(_front.Accept()));
    }

    /// <summary>A client in state User, and its socket.</summary>
    public (Socket Client, Socket Accepted, ClientKey Key) ClaimClient()
    {
        var (client, accepted) = ConnectClient();
        var claimed = Claim(accepted);
        Assert.Equal(CallResult.Done, claimed.Result);
        return (client, accepted, claimed.Client);
    }

    public ClaimResult Claim(Socket accepted) =>
        Path.Claim((IPEndPoint)accepted.LocalEndPoint!, (IPEndPoint)accepted.RemoteEndPoint!, Pool);

    /// <summary>A server in state User, and the backend's socket.</summary>
    public (Socket Backend, ServerKey Key) ConnectServer()
    {
        var ours = Keep(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        ours.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var reserved = Path.Expect(Back, (IPEndPoint)ours.LocalEndPoint!, Pool)!;
        ours.Connect(Back);
        var backend = Keep(_back.Accept());
        LoopbackPair.Send(backend, Greeting);
        LoopbackPair.Expect(ours, Greeting, "our socket");
        Assert.True(reserved.Confirm());
        Ours = ours;
        return (backend, reserved.Server);
    }

    /// <summary>A server on the idle list, and the backend's socket.</summary>
    public (Socket Backend, ServerKey Key) AddIdleServer()
    {
        var (backend, key) = ConnectServer();
        Assert.Equal(CallResult.Idle, Path.HandOn(key, Profile).Result);
        return (backend, key);
    }

    /// <summary>A client that the kernel has.</summary>
    public (Socket Client, Socket Accepted, ClientKey Key) AddArmedClient(bool copied = false)
    {
        var client = ClaimClient();
        Assert.Equal(CallResult.Done, Path.Arm(client.Key, Profile, copied: copied));
        return client;
    }

    /// <summary>A message of the protocol.</summary>
    public static byte[] Message(char type, ReadOnlySpan<byte> body)
    {
        var message = new byte[body.Length + 5];
        message[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), body.Length + 4);
        body.CopyTo(message.AsSpan(5));
        return message;
    }

    public void Dispose()
    {
        _open.ForEach(one => one.Dispose());
        _front.Dispose();
        _back.Dispose();
        Path.Dispose();
    }

    private T Keep<T>(T one)
        where T : IDisposable
    {
        _open.Add(one);
        return one;
    }

    private static Socket Listen(IPAddress address)
    {
        Socket listener = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen(16);
        return listener;
    }
}
