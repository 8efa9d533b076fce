using System.ComponentModel;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Tigger.Net;

namespace Tigger.Tls;

/// <summary>
/// An encrypted connection. The thread that has the event encrypts and decrypts; nobody waits for anything. Between two events it
/// keeps the beginning of a record, decrypted bytes for which there was no room, and at most one record the socket did not take.
/// </summary>
public sealed class TlsTransport : RelayTransport, IDisposable
{
    /// <summary>Most plain bytes of one record (RFC 8446, section 5.1).</summary>
    private const int RecordSize = 16 * 1024;

    private readonly LoopSocket _socket;
    private readonly CipherStream _cipher;
    private readonly SslStream _ssl;
    private ValueTask<int> _ahead;
    private bool _looksAhead;
    private bool _mayHaveMore = true;

    // Plain bytes of the record that is kept: taken, but the caller has not been told so and comes again with them.
    private int _promised;

    private TlsTransport(LoopSocket socket, ReadOnlyMemory<byte> early, RemoteCertificateValidationCallback verify)
    {
        _socket = socket;
        _cipher = new CipherStream(socket, early);
        _ssl = new SslStream(_cipher, leaveInnerStreamOpen: false, verify);
    }

    public override bool MayHaveMore => _mayHaveMore;

    /// <summary>Version and cipher as <c>SHOW CLIENTS</c> and the log have them: TLSv1.3/TLS_AES_256_GCM_SHA384.</summary>
    public string Description => $"{TlsVersions.Name(_ssl.SslProtocol)}/{CipherNames.Of(_ssl.NegotiatedCipherSuite)}";

    /// <summary>What the peer showed, verified or not; null: nothing.</summary>
    internal X509Certificate2? PeerCertificate => _ssl.RemoteCertificate as X509Certificate2;

    /// <summary>ALPN chose PostgreSQL's protocol.</summary>
    internal bool HasProtocol => _ssl.NegotiatedApplicationProtocol == Alpn.PostgreSql;

    /// <summary>Our side of a client's connection. <paramref name="early"/>: what was read of it already.</summary>
    /// <exception cref="IOException">The handshake failed, or the connection broke.</exception>
    internal static Task<TlsTransport> AcceptAsync(
        AsyncSocket connection, ReadOnlyMemory<byte> early, SslServerAuthenticationOptions options, CertificateCheck check, CancellationToken cancellation) =>
        StartAsync(
            connection, new TlsTransport(connection.Socket, early, check.Verify), ssl => ssl.AuthenticateAsServerAsync(options, cancellation), check, cancellation);

    /// <summary>Our side of a connection to PostgreSQL.</summary>
    /// <exception cref="IOException">The handshake failed, or the connection broke.</exception>
    internal static Task<TlsTransport> ConnectAsync(
        AsyncSocket connection, SslClientAuthenticationOptions options, CertificateCheck check, CancellationToken cancellation) =>
        StartAsync(
            connection, new TlsTransport(connection.Socket, default, check.Verify), ssl => ssl.AuthenticateAsClientAsync(options, cancellation), check, cancellation);

    public override int Receive(Span<byte> buffer)
    {
        try
        {
            if (!_ssl.IsAuthenticated)
            {
                return -LinuxConstants.ErrorProtocol;
            }

            if (!HasPlain())
            {
                _mayHaveMore = false;
                return LoopSocket.WouldBlock;
            }

            // Never waits: there is something, or the end of the stream.
            int count = _ssl.Read(buffer);
            _mayHaveMore = count == buffer.Length || !_cipher.WasOneRecord;
            return count;
        }
        catch (Exception fault) when (fault is IOException or AuthenticationException)
        {
            return ErrorOf(fault);
        }
    }

    public override int Send(ReadOnlySpan<byte> data)
    {
        try
        {
            if (!_ssl.IsAuthenticated)
            {
                return -LinuxConstants.ErrorProtocol;
            }

            int taken = 0;
            if (_cipher.HasUnsent)
            {
                int result = _cipher.FlushKept();
                if (result < 0)
                {
                    return result;
                }

                taken = _promised;
                _promised = 0;
            }

            while (taken < data.Length)
            {
                int length = Math.Min(RecordSize, data.Length - taken);
                _ssl.Write(data.Slice(taken, length));
                if (_cipher.HasUnsent)
                {
                    _promised = length;
                    return taken > 0 ? taken : LoopSocket.WouldBlock;
                }

                taken += length;
            }

            return taken;
        }
        catch (Exception fault) when (fault is IOException or AuthenticationException)
        {
            return ErrorOf(fault);
        }
    }

    public override void ShutdownWrite()
    {
        try
        {
            if (_ssl.IsAuthenticated)
            {
                // close_notify; completes at once, as every write here does.
                _ssl.ShutdownAsync().GetAwaiter().GetResult();
            }
        }
        catch (Exception fault) when (fault is IOException or AuthenticationException)
        {
            // The peer is gone, and needs no goodbye.
        }

        _socket.ShutdownWrite();
    }

    public override void Close()
    {
        Dispose();
        _socket.Close();
    }

    /// <summary>Frees what encryption needs; <see cref="Close"/> does so as well.</summary>
    public void Dispose()
    {
        _ssl.Dispose();
        _cipher.Dispose();
    }

    private static async Task<TlsTransport> StartAsync(
        AsyncSocket connection, TlsTransport transport, Func<SslStream, Task> handshake, CertificateCheck check, CancellationToken cancellation)
    {
        connection.Transport = transport;
        try
        {
            await transport.RunAsync(connection, handshake(transport._ssl), cancellation);
            return transport;
        }
        catch (Exception fault) when (fault is IOException or AuthenticationException)
        {
            throw new IOException($"TLS handshake error: {check.Failure ?? fault.GetBaseException().Message}", fault);
        }
    }

    /// <summary>The handshake reads and writes without waiting; here it is waited for the peer.</summary>
    private async Task RunAsync(AsyncSocket connection, Task handshake, CancellationToken cancellation)
    {
        while (!handshake.IsCompleted || _cipher.HasUnsent)
        {
            if (_cipher.HasUnsent)
            {
                await connection.WritableAsync(cancellation);
                if (_cipher.FlushKept() is < 0 and not LoopSocket.WouldBlock and var error)
                {
                    throw SocketFailure.Create("send", -error);
                }
            }
            else
            {
                await connection.ReadableAsync(cancellation);
                _cipher.Resume();
            }
        }

        await handshake;
    }

    /// <summary>
    /// Whether a read would not wait. A read of no bytes decrypts what has come and ends when that is at least one byte; it may stay
    /// open for as long as the connection is idle.
    /// </summary>
    private bool HasPlain()
    {
        if (_looksAhead)
        {
            _cipher.Resume();
        }
        else
        {
            _cipher.ExpectsData = !_mayHaveMore;
#pragma warning disable CA2012 // Kept because it stays open over many calls; its result is taken once, below.
            _ahead = _ssl.ReadAsync(Memory<byte>.Empty);
#pragma warning restore CA2012
        }

        _looksAhead = !_ahead.IsCompleted;
        if (_looksAhead)
        {
            return false;
        }

        _ = _ahead.GetAwaiter().GetResult();
        return true;
    }

    private static int ErrorOf(Exception fault) =>
        fault.InnerException is Win32Exception { NativeErrorCode: > 0 } system ? -system.NativeErrorCode : -LinuxConstants.ErrorProtocol;
}
