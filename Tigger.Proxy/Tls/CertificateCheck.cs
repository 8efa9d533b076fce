using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Tigger.Tls;

/// <summary>Decides about the peer's certificate in one handshake, and remembers why it was refused.</summary>
/// <param name="verifies">Its chain must end at an authority that is trusted; otherwise any certificate will do, or none.</param>
/// <param name="expectedName">The name it must be for as well; null: any.</param>
internal sealed class CertificateCheck(bool verifies, string? expectedName = null)
{
    /// <summary>Why the certificate was refused, in a log's words; null: it was not.</summary>
    public string? Failure { get; private set; }

    public bool Verify(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        string? reason = !verifies ? null
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) || certificate is null ? "no certificate was shown"
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) ? ReasonOf(chain)
            : expectedName is not null && errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
                ? $"name '{expectedName}' not present in server certificate"
            : null;
        Failure = reason is null ? null : $"certificate verify failed: {reason}";
        return reason is null;
    }

    private static string ReasonOf(X509Chain? chain)
    {
        string[] reasons = [.. (chain?.ChainStatus ?? []).Select(status => status.StatusInformation.Trim()).Distinct()];
        return reasons.Length == 0 ? "the chain of certificates is not valid" : string.Join("; ", reasons);
    }
}
