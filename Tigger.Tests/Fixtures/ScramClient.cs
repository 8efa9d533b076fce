using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tigger.Tests.Fixtures;

/// <summary>The client's side of SCRAM-SHA-256 (RFC 7677), without channel binding.</summary>
internal sealed class ScramClient(string password)
{
    private readonly string _nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
    private byte[] _serverSignature = [];

    private string FirstBare => $"n=,r={_nonce}";

    internal byte[] First()
    {
        var text = Encoding.UTF8.GetBytes("n,," + FirstBare);
        return new WireWriter().Zero("SCRAM-SHA-256").Int32(text.Length).Bytes(text).Message('p');
    }

    internal byte[] Final(string serverFirst)
    {
        var fields = serverFirst.Split(',').ToDictionary(part => part[0], part => part[2..]);
        Assert.StartsWith(_nonce, fields['r'], StringComparison.Ordinal);
        var iterations = int.Parse(fields['i'], CultureInfo.InvariantCulture);
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password), Convert.FromBase64String(fields['s']), iterations, HashAlgorithmName.SHA256, 32);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var withoutProof = $"c=biws,r={fields['r']}";
        var signed = Encoding.UTF8.GetBytes($"{FirstBare},{serverFirst},{withoutProof}");
        var proof = HMACSHA256.HashData(SHA256.HashData(clientKey), signed);
        for (var i = 0; i < proof.Length; i++)
            proof[i] ^= clientKey[i];
        _serverSignature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), signed);
        return new WireWriter().Text($"{withoutProof},p={Convert.ToBase64String(proof)}").Message('p');
    }

    internal void Verify(string serverFinal) => Assert.Equal("v=" + Convert.ToBase64String(_serverSignature), serverFinal);
}
