namespace Tigger.Tls;

/// <summary>What is known of a client's encrypted connection after the handshake.</summary>
/// <param name="Description">Version and cipher: TLSv1.3/TLS_AES_256_GCM_SHA384.</param>
/// <param name="Certificate">What it showed, verified; null: nothing was asked for.</param>
/// <param name="EndPoint">Data of the channel binding <c>tls-server-end-point</c>; null: there is none.</param>
/// <param name="HasProtocol">It named PostgreSQL's protocol (ALPN), as it must when it begins with TLS.</param>
public sealed record ClientEncryption(string Description, PeerCertificate? Certificate, byte[]? EndPoint, bool HasProtocol);
