using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tigger.Tls;

namespace Tigger.Tests.Tls;

/// <summary>What is read from certificates: names, and the hash that channel binding uses.</summary>
public sealed class CertificateTests
{
    [Theory]
    [InlineData("SHA256")]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    public void Hash_RsaSignature_IsOfItsAlgorithm(string signature)
    {
        using RSA key = RSA.Create(2048);
        AssertHash(new CertificateRequest("CN=x", key, new(signature), RSASignaturePadding.Pkcs1), new(signature));
        AssertHash(new CertificateRequest("CN=x", key, new(signature), RSASignaturePadding.Pss), new(signature));
    }

    [Theory]
    [InlineData("SHA256")]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    public void Hash_EcdsaSignature_IsOfItsAlgorithm(string signature)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        AssertHash(new CertificateRequest("CN=x", key, new(signature)), new(signature));
    }

    [Fact]
    public void PeerCertificate_Names_AreCommonNameAndDnsNames()
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=alice, O=Example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("carol");
        names.AddEmailAddress("mallory");
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = SelfSign(request);
        PeerCertificate peer = PeerCertificate.From(certificate);
        Assert.Equal("alice", peer.CommonName);
        Assert.Equal("CN=alice, O=Example", peer.Subject);
        Assert.Contains("alice", peer.Names);
        Assert.Contains("carol", peer.Names);
        Assert.DoesNotContain("Alice", peer.Names);
        Assert.DoesNotContain("mallory", peer.Names);
        Assert.DoesNotContain("", peer.Names);
    }

    [Fact]
    public void PeerCertificate_TwoCommonNames_IsForNeither()
    {
        using RSA key = RSA.Create(2048);
        using X509Certificate2 certificate = SelfSign(
            new CertificateRequest("CN=alice, CN=bob", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        PeerCertificate peer = PeerCertificate.From(certificate);
        Assert.Null(peer.CommonName);
        Assert.Empty(peer.Names);
    }

    private static void AssertHash(CertificateRequest request, HashAlgorithmName expected)
    {
        using X509Certificate2 certificate = SelfSign(request);
        Assert.Equal(CryptographicOperations.HashData(expected, certificate.RawData), ServerEndPoint.Hash(certificate));
    }

    private static X509Certificate2 SelfSign(CertificateRequest request) =>
        request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
}
