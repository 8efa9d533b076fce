namespace Tigger.Sessions;

/// <summary>The encryption of a client's connection, as login rules and the log see it.</summary>
/// <param name="Description">Protocol and cipher, such as <c>TLSv1.3/TLS_AES_256_GCM_SHA384</c>.</param>
/// <param name="CertificateNames">
/// The common name and the DNS names of the client's certificate, which has been verified; null: it sent none.
/// </param>
public sealed record ClientTls(string Description, IReadOnlyList<string>? CertificateNames);
