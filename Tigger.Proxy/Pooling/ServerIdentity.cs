using System.Net;

namespace Tigger.Pooling;

/// <summary>What is known of a server from its login.</summary>
/// <param name="Host">Address or socket directory as configured, for messages.</param>
/// <param name="Connect">The address connected to; cancel requests go there.</param>
/// <param name="Remote">The same as IP address and port; null for unix sockets.</param>
/// <param name="Local">Our end.</param>
/// <param name="ProcessId">Process number of the backend.</param>
/// <param name="CancelKey">Secret of BackendKeyData, 4 to 256 bytes.</param>
public sealed record ServerIdentity(
    string Host, EndPoint Connect, IPEndPoint? Remote, IPEndPoint? Local, int ProcessId, ReadOnlyMemory<byte> CancelKey)
{
    /// <summary>Version and cipher of its TLS, as SHOW SERVERS has them; empty: none.</summary>
    public string Tls { get; init; } = "";
}
