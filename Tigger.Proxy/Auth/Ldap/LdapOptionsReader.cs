using System.Globalization;

namespace Tigger.Auth.Ldap;

/// <summary>Makes <see cref="LdapOptions"/> of the options of an HBA line or of <c>auth_ldap_options</c>; texts are PgBouncer's.</summary>
public static class LdapOptionsReader
{
    /// <exception cref="AuthSyntaxException">An option is unknown or wrong, or they do not fit together.</exception>
    public static LdapOptions Read(string text) => Read(AuthOptions.Read(text));

    internal static LdapOptions Read(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        LdapOptions options = new();
        foreach ((string key, string value) in pairs)
        {
            options = key switch
            {
                "ldapserver" => options with { Server = value },
                "ldapport" => options with { Port = ReadPort(value) },
                "ldapscheme" => options with { IsLdaps = ReadScheme(value) },
                "ldaptls" => options with { StartTls = value == "1" },
                "ldapprefix" => options with { Prefix = value },
                "ldapsuffix" => options with { Suffix = value },
                "ldapbasedn" => options with { BaseDn = value },
                "ldapbinddn" => options with { BindDn = value },
                "ldapbindpasswd" => options with { BindPassword = value },
                "ldapsearchattribute" => options with { SearchAttribute = value },
                "ldapsearchfilter" => options with { SearchFilter = value },
                "ldapurl" => LdapUrl.Apply(options, value),
                _ => throw new AuthSyntaxException($"invalid LDAP key parameter: \"{key}\""),
            };
        }

        Check(options);
        return options;
    }

    private static void Check(LdapOptions options)
    {
        if (options.Prefix is not null || options.Suffix is not null)
        {
            if (options is not { BaseDn: null, BindDn: null, BindPassword: null, SearchAttribute: null, SearchFilter: null })
            {
                throw new AuthSyntaxException(
                    "cannot use ldapbasedn, ldapbinddn, ldapbindpasswd, ldapsearchattribute, ldapsearchfilter, or ldapurl together with ldapprefix");
            }
        }
        else if (options.BaseDn is null)
        {
            throw new AuthSyntaxException(
                "authentication method \"ldap\" requires argument \"ldapbasedn\", \"ldapprefix\", or \"ldapsuffix\" to be set");
        }

        if (options is { SearchAttribute: not null, SearchFilter: not null })
        {
            throw new AuthSyntaxException("cannot use ldapsearchattribute together with ldapsearchfilter");
        }

        if (options.Server.Length == 0)
        {
            throw new AuthSyntaxException("LDAP server not specified");
        }
    }

    private static int ReadPort(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= 65535
            ? port
            : throw new AuthSyntaxException($"invalid LDAP port number: \"{value}\"");

    private static bool ReadScheme(string value) => value switch
    {
        "ldap" => false,
        "ldaps" => true,
        _ => throw new AuthSyntaxException($"invalid ldapscheme value: \"{value}\""),
    };
}
