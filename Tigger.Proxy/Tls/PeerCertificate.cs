using System.Security.Cryptography.X509Certificates;

namespace Tigger.Tls;

/// <summary>Who a client is according to a certificate that was verified against <c>client_tls_ca_file</c>.</summary>
/// <param name="CommonName">CN of the subject; null when it has none, or more than one.</param>
/// <param name="Subject">The distinguished name as RFC 4514 writes it.</param>
/// <param name="DnsNames">The DNS names among its alternative names.</param>
public sealed record PeerCertificate(string? CommonName, string Subject, IReadOnlyList<string> DnsNames)
{
    private const string CommonNameId = "2.5.4.3";
    private const string AlternativeNamesId = "2.5.29.17";

    internal static PeerCertificate From(X509Certificate2 certificate)
    {
        List<X500RelativeDistinguishedName> names = [.. certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(name => !name.HasMultipleElements && name.GetSingleElementType().Value == CommonNameId)];
        X509SubjectAlternativeNameExtension? others = certificate.Extensions
            .FirstOrDefault(extension => extension.Oid?.Value == AlternativeNamesId) is { } found
            ? new X509SubjectAlternativeNameExtension(found.RawData, found.Critical)
            : null;
        return new PeerCertificate(
            names.Count == 1 ? names[0].GetSingleElementValue() : null, certificate.Subject, [.. others?.EnumerateDnsNames() ?? []]);
    }

    /// <summary>What a login rule may take for the user: the common name or a DNS name, as in PgBouncer.</summary>
    public IEnumerable<string> Names => CommonName is null ? DnsNames : DnsNames.Prepend(CommonName);
}
