using System.Net;
using Tigger.Net;
using Tigger.Tls;

namespace Tigger.Sessions;

/// <summary>An accepted connection before it is known who is there.</summary>
/// <param name="Id">Number of the client, as in SHOW CLIENTS and the log.</param>
/// <param name="Stream">Its messages.</param>
/// <param name="Remote">Null for unix sockets.</param>
/// <param name="Local">Null for unix sockets.</param>
/// <param name="ConnectedAt">Timestamp of the accept.</param>
public sealed record ClientConnection(long Id, MessageStream Stream, IPEndPoint? Remote, IPEndPoint? Local, long ConnectedAt)
{
    /// <summary>Null: its connection is not encrypted (yet).</summary>
    public ClientEncryption? Encryption { get; internal set; }

    /// <summary>What <c>hostssl</c> and <c>hostnossl</c> tell apart.</summary>
    public bool IsEncrypted => Encryption is not null;

    /// <summary>Who it is according to the certificate it showed; null: it showed none, or none was verified.</summary>
    public PeerCertificate? Certificate => Encryption?.Certificate;

    /// <summary>Where it comes from, for log lines.</summary>
    public string Address => Remote?.ToString() ?? "unix";
}
