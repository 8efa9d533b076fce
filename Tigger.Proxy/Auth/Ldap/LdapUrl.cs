namespace Tigger.Auth.Ldap;

/// <summary>LDAP URLs (RFC 4516): <c>ldap[s]://host[:port]/basedn[?attribute[?scope[?filter]]]</c>.</summary>
internal static class LdapUrl
{
    /// <summary>The options with what the URL says in place of what they said before.</summary>
    /// <exception cref="AuthSyntaxException">Not such a URL.</exception>
    public static LdapOptions Apply(LdapOptions options, string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed))
        {
            throw new AuthSyntaxException($"could not parse LDAP URL \"{url}\"");
        }

        if (parsed.Scheme is not ("ldap" or "ldaps"))
        {
            throw new AuthSyntaxException($"unsupported LDAP URL scheme: {parsed.Scheme}");
        }

        string[] parts = parsed.Query.Length == 0 ? [] : parsed.Query[1..].Split('?');
        string baseDn = Uri.UnescapeDataString(parsed.AbsolutePath.TrimStart('/'));
        return options with
        {
            IsLdaps = parsed.Scheme == "ldaps",
            Server = parsed.IdnHost,
            Port = parsed.IsDefaultPort ? 0 : Math.Max(parsed.Port, 0),
            BaseDn = baseDn,
            SearchAttribute = Part(parts, 0)?.Split(',')[0],
            Scope = ReadScope(Part(parts, 1)),
            SearchFilter = Part(parts, 2),
        };
    }

    private static string? Part(string[] parts, int index) =>
        index < parts.Length && parts[index].Length > 0 ? Uri.UnescapeDataString(parts[index]) : null;

    private static LdapScope ReadScope(string? text) => text switch
    {
        null or "base" => LdapScope.Base,
        "one" => LdapScope.OneLevel,
        "sub" => LdapScope.Subtree,
        _ => throw new AuthSyntaxException($"invalid scope in LDAP URL: \"{text}\""),
    };
}
