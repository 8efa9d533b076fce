using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Tigger.Net;
using Tigger.Relay;
using Tigger.Tests.Fixtures;
using Tigger.Tests.Net;
using Tigger.Tls;

namespace Tigger.Tests.Tls;

/// <summary>The encrypted transport against the runtime's own TLS client, whatever the pieces its records come in.</summary>
public sealed class TlsTransportTests : LoopTest
{
    private readonly TestCertificates _certificates = new();

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Receive_CiphertextCutAnywhere_GivesEveryByte(SslProtocols version)
    {
        using var pair = await ConnectAsync(version);
        Random random = new(1);
        for (int piece = 1; piece <= 1500; piece++)
        {
            byte[] sent = new byte[random.Next(1, piece < 100 ? 200 : 3000)];
            random.NextBytes(sent);
            pair.Cutter.Size = piece;
            await pair.Peer.WriteAsync(sent, Limit);
            Assert.Equal(sent, await ReceiveAsync(pair, sent.Length));
        }
    }

    [Fact]
    public async Task Receive_RoomSmallerThanARecord_GivesTheRestLater()
    {
        using var pair = await ConnectAsync(SslProtocols.Tls13);
        byte[] sent = new byte[40_000];
        Random.Shared.NextBytes(sent);
        await pair.Peer.WriteAsync(sent, Limit);
        Assert.Equal(sent, await ReceiveAsync(pair, sent.Length, room: 7));
        Assert.Equal(LoopSocket.WouldBlock, pair.Ours.Transport.Receive(new byte[1]));
    }

    [Fact]
    public async Task Send_PeerReadsLate_BlocksAndLosesNothing()
    {
        using var pair = await ConnectAsync(SslProtocols.Tls13);
        byte[] sent = new byte[4_000_000];
        Random.Shared.NextBytes(sent);
        PendingBytes pending = new();
        Assert.Equal(LoopSocket.WouldBlock, pending.SendThrough(pair.Ours.Transport, sent));
        Assert.Equal(LoopSocket.WouldBlock, pending.FlushTo(pair.Ours.Transport));
        Task<byte[]> reading = ReadAsync(pair.Peer, sent.Length);
        while (pending.FlushTo(pair.Ours.Transport) == LoopSocket.WouldBlock)
        {
            await pair.Ours.WritableAsync(Limit);
        }

        Assert.True(pending.IsEmpty);
        Assert.Equal(sent, await reading);
    }

    [Fact]
    public async Task Send_And_Receive_BothWaysAtOnce_KeepApart()
    {
        using var pair = await ConnectAsync(SslProtocols.Tls13);
        byte[] one = new byte[300_000];
        byte[] other = new byte[300_000];
        Random.Shared.NextBytes(one);
        Random.Shared.NextBytes(other);
        Task<byte[]> atPeer = ReadAsync(pair.Peer, one.Length);
        Task writing = pair.Peer.WriteAsync(other, Limit).AsTask();
        Task sending = pair.Ours.SendAsync(one, Limit).AsTask();
        Assert.Equal(other, await ReceiveAsync(pair, other.Length));
        await Task.WhenAll(writing, sending);
        Assert.Equal(one, await atPeer);
    }

    [Fact]
    public async Task Receive_PeerSaysGoodbye_IsTheEndOfTheStream()
    {
        using var pair = await ConnectAsync(SslProtocols.Tls13);
        await pair.Peer.WriteAsync(new byte[] { 1 }, Limit);
        await pair.Peer.ShutdownAsync();
        Assert.Equal([1], await ReceiveAsync(pair, 1));
        Assert.Equal(0, await pair.Ours.ReceiveAsync(new byte[8], Limit));
    }

    [Fact]
    public async Task ShutdownWrite_PeerReads_SeesTheEndAndMaySendOn()
    {
        using var pair = await ConnectAsync(SslProtocols.Tls13);
        pair.Ours.Transport.ShutdownWrite();
        Assert.Equal(0, await pair.Peer.ReadAsync(new byte[8], Limit));
        await pair.Peer.WriteAsync(new byte[] { 7 }, Limit);
        Assert.Equal([7], await ReceiveAsync(pair, 1));
    }

    [Fact]
    public async Task Receive_ForgedRecord_IsAnError()
    {
        using var pair = await ConnectAsync(SslProtocols.Tls13);
        await pair.Cutter.WriteAsync(new byte[] { 0x17, 3, 3, 0, 32 }.Concat(new byte[32]).ToArray(), Limit);
        IOException fault = await Assert.ThrowsAsync<IOException>(async () => await pair.Ours.ReceiveAsync(new byte[8], Limit));
        Assert.Contains("recv", fault.Message, StringComparison.Ordinal);
    }

    private async Task<TlsPair> ConnectAsync(SslProtocols version)
    {
        (int left, int right) = SocketPair.Create();
        AsyncSocket ours = new(First, left);
        NetworkStream network = new(new Socket(new SafeSocketHandle(right, ownsHandle: true)) { Blocking = true }, ownsSocket: true);
        CuttingStream cutter = new(network);
        SslStream peer = new(cutter, leaveInnerStreamOpen: false, (_, shown, _, _) => shown is not null);
        CertificateFiles files = _certificates.Server();
        using X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        SslServerAuthenticationOptions options = new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
            AllowTlsResume = false,
        };
        Task connecting = peer.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = version }, Limit);
        await TlsTransport.AcceptAsync(ours, default, options, new CertificateCheck(verifies: false), Limit);
        await connecting;
        return new TlsPair(ours, peer, cutter);
    }

    private async Task<byte[]> ReceiveAsync(TlsPair pair, int length, int room = 64 * 1024)
    {
        byte[] received = new byte[length];
        for (int count = 0; count < length;)
        {
            int read = await pair.Ours.ReceiveAsync(received.AsMemory(count, Math.Min(room, length - count)), Limit);
            Assert.True(read > 0, "the stream ended early");
            count += read;
        }

        return received;
    }

    private async Task<byte[]> ReadAsync(SslStream stream, int length)
    {
        byte[] data = new byte[length];
        await stream.ReadExactlyAsync(data, Limit);
        return data;
    }

    private sealed record TlsPair(AsyncSocket Ours, SslStream Peer, CuttingStream Cutter) : IDisposable
    {
        public void Dispose()
        {
            Ours.Transport.Close();
            Peer.Dispose();
        }
    }
}
