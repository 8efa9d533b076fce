using Tigger.Auth;
using Tigger.Auth.Hba;
using Tigger.Auth.Ldap;
using Tigger.Config;

namespace Tigger.Sessions;

/// <summary>What one login has to prove, by <c>auth_type</c> or by the HBA line that matches it.</summary>
/// <param name="Method">How.</param>
/// <param name="Map">Names of the system or certificate that may be another user; null: they must be the same.</param>
/// <param name="Ldap">For the method ldap.</param>
internal sealed record LoginRule(AuthMethod Method, IdentMap? Map, LdapOptions? Ldap)
{
    /// <exception cref="LoginException">No HBA line matches.</exception>
    public static LoginRule For(AuthType type, CredentialStore credentials, HbaRequest request)
    {
        if (type != AuthType.Hba)
        {
            return new LoginRule(MethodOf(type), null, credentials.Ldap);
        }

        HbaRule rule = credentials.Hba?.Find(request) ?? throw new LoginException("no authentication method is found");
        return new LoginRule(rule.Method, rule.Map, rule.Ldap);
    }

    private static AuthMethod MethodOf(AuthType type) => type switch
    {
        AuthType.Any => AuthMethod.Any,
        AuthType.Trust => AuthMethod.Trust,
        AuthType.Plain => AuthMethod.Plain,
        AuthType.Md5 => AuthMethod.Md5,
        AuthType.ScramSha256 => AuthMethod.ScramSha256,
        AuthType.Cert => AuthMethod.Cert,
        AuthType.Pam => AuthMethod.Pam,
        AuthType.Ldap => AuthMethod.Ldap,
        _ => AuthMethod.Reject,
    };
}
