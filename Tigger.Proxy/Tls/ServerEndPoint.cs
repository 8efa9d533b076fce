using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tigger.Tls;

/// <summary>The channel binding <c>tls-server-end-point</c> (RFC 5929, section 4): a hash of the server's certificate.</summary>
internal static class ServerEndPoint
{
    private const string RsaPss = "1.2.840.113549.1.1.10";

    /// <summary>Null when the certificate's signature names no hash algorithm: then there is no such binding.</summary>
    public static byte[]? Hash(X509Certificate2 certificate) => HashOf(certificate) is { } algorithm
        ? CryptographicOperations.HashData(algorithm, certificate.RawDataMemory.Span)
        : null;

    // MD5 and SHA-1 are replaced by SHA-256.
    private static HashAlgorithmName? HashOf(X509Certificate2 certificate) => certificate.SignatureAlgorithm.Value switch
    {
        "1.2.840.113549.1.1.4" or "1.2.840.113549.1.1.5" or "1.2.840.10045.4.1" or "1.2.840.113549.1.1.11" or "1.2.840.10045.4.3.2"
            => HashAlgorithmName.SHA256,
        "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" => HashAlgorithmName.SHA384,
        "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" => HashAlgorithmName.SHA512,
        RsaPss => OfPss(certificate),
        _ => null,
    };

    /// <summary>RSASSA-PSS has the hash in its parameters (RFC 4055, section 3.1): SHA-1 where it is left out.</summary>
    private static HashAlgorithmName OfPss(X509Certificate2 certificate)
    {
        AsnReader whole = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
        whole.ReadEncodedValue();
        AsnReader algorithm = whole.ReadSequence();
        algorithm.ReadObjectIdentifier();
        AsnReader parameters = algorithm.ReadSequence();
        Asn1Tag hash = new(TagClass.ContextSpecific, 0, isConstructed: true);
        string id = parameters.HasData && parameters.PeekTag() == hash
            ? parameters.ReadSequence(hash).ReadSequence().ReadObjectIdentifier()
            : "";
        return id switch
        {
            "2.16.840.1.101.3.4.2.2" => HashAlgorithmName.SHA384,
            "2.16.840.1.101.3.4.2.3" => HashAlgorithmName.SHA512,
            _ => HashAlgorithmName.SHA256,
        };
    }
}
