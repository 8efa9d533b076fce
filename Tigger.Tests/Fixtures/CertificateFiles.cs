namespace Tigger.Tests.Fixtures;

/// <summary>A certificate and its key, in PEM.</summary>
public sealed record CertificateFiles(string Certificate, string Key, string Thumbprint);
