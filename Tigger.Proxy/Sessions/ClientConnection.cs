using System.Net;
using Tigger.Net;

namespace Tigger.Sessions;

/// <summary>An accepted connection before it is known who is there.</summary>
/// <param name="Id">Number of the client, as in SHOW CLIENTS and the log.</param>
/// <param name="Stream">Its messages.</param>
/// <param name="Remote">Null for unix sockets.</param>
/// <param name="Local">Null for unix sockets.</param>
/// <param name="ConnectedAt">Timestamp of the accept.</param>
public sealed record ClientConnection(long Id, MessageStream Stream, IPEndPoint? Remote, IPEndPoint? Local, long ConnectedAt)
{
    /// <summary>Null: the connection is not encrypted.</summary>
    public ClientTls? Tls { get; init; }

    /// <summary>Where it comes from, for log lines.</summary>
    public string Address => Remote?.ToString() ?? "unix";
}
