namespace Tigger.Tls;

/// <summary>What is known of an encrypted connection to PostgreSQL after the handshake.</summary>
/// <param name="Description">Version and cipher: TLSv1.3/TLS_AES_256_GCM_SHA384.</param>
/// <param name="EndPoint">Data of the channel binding <c>tls-server-end-point</c>; null: its certificate has none.</param>
public sealed record ServerEncryption(string Description, byte[]? EndPoint);
