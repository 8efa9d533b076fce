using Tigger.Auth.Ldap;

namespace Tigger.Auth.Hba;

/// <summary>Reads one line of an HBA file: type, databases, users, address, method, options.</summary>
internal sealed class HbaLineReader(string file, IdentMaps maps, Func<string, string> readFile)
{
    private readonly HbaNamesReader _names = new(readFile);

    /// <summary>Null for a line without a rule.</summary>
    /// <param name="line">The line.</param>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="warning">What is odd about a rule that is used all the same.</param>
    /// <exception cref="AuthSyntaxException">The line is wrong.</exception>
    public HbaRule? Read(ReadOnlySpan<char> line, int number, out string? warning)
    {
        warning = null;
        HbaTokenizer tokens = new(line);
        if (tokens.AtEnd)
        {
            return null;
        }

        HbaRuleType type = ReadType(ref tokens);
        HbaNames databases = _names.Read(ref tokens, file);
        HbaNames users = _names.Read(ref tokens, file);
        HbaAddress? address = type == HbaRuleType.Local ? null : ReadAddress(ref tokens);
        if (address?.MatchesNobody == true)
        {
            warning = $"address does not match mask in {file} line #{number}, so the line matches nobody";
        }

        AuthMethod method = ReadMethod(ref tokens, out ReadOnlySpan<char> rest);
        if (method == AuthMethod.Ldap)
        {
            return ReadLdap(new HbaRule(number, type, databases, users, address), rest, ref warning);
        }

        return new HbaRule(number, type, databases, users, address) { Method = method, Map = ReadMap(method, rest) };
    }

    private static HbaRuleType ReadType(ref HbaTokenizer tokens)
    {
        HbaRuleType type = tokens.Text switch
        {
            "local" => HbaRuleType.Local,
            "host" => HbaRuleType.Host,
            "hostssl" => HbaRuleType.HostSsl,
            "hostnossl" => HbaRuleType.HostNoSsl,
            _ => throw new AuthSyntaxException("unknown type"),
        };
        _ = tokens.TakeText("a type", mayBeQuoted: false);
        return type;
    }

    private static HbaAddress ReadAddress(ref HbaTokenizer tokens)
    {
        if (tokens.TakeKeyword("all"))
        {
            return HbaAddress.All;
        }

        string address = tokens.TakeText("address", mayBeQuoted: false);
        return address.Contains('/', StringComparison.Ordinal)
            ? HbaAddress.ReadCidr(address)
            : HbaAddress.Read(HbaAddress.ReadAddress(address), tokens.TakeText("mask", mayBeQuoted: false));
    }

    private static AuthMethod ReadMethod(ref HbaTokenizer tokens, out ReadOnlySpan<char> rest)
    {
        rest = tokens.Rest;
        if (tokens.Kind != HbaTokenKind.Word)
        {
            throw new AuthSyntaxException("did not find a method");
        }

        return tokens.Text switch
        {
            "trust" => AuthMethod.Trust,
            "reject" => AuthMethod.Reject,
            "md5" => AuthMethod.Md5,
            "password" => AuthMethod.Plain,
            "scram-sha-256" => AuthMethod.ScramSha256,
            "peer" => AuthMethod.Peer,
            "cert" => AuthMethod.Cert,
            "pam" => AuthMethod.Pam,
            "ldap" => AuthMethod.Ldap,
            _ => throw new AuthSyntaxException($"unsupported method: {tokens.Text}"),
        };
    }

    private IdentMap? ReadMap(AuthMethod method, ReadOnlySpan<char> rest)
    {
        List<KeyValuePair<string, string>> options = AuthOptions.Read(rest);
        return options switch
        {
            [] => null,
            [("map", var name)] when method is AuthMethod.Peer or AuthMethod.Cert =>
                maps.Find(name) ?? throw new AuthSyntaxException($"map \"{name}\" is not in auth_ident_file"),
            [("map", _)] => throw new AuthSyntaxException("map is only for the methods peer and cert"),
            _ => throw new AuthSyntaxException("unsupported parameters"),
        };
    }

    /// <summary>
    /// With wrong options the rule stays and refuses those it matches: left out, it would leave them to a later and perhaps
    /// more generous line.
    /// </summary>
    private static HbaRule ReadLdap(HbaRule rule, ReadOnlySpan<char> rest, ref string? warning)
    {
        LdapOptions? options = null;
        try
        {
            options = LdapOptionsReader.Read(AuthOptions.Read(rest));
        }
        catch (AuthSyntaxException fault)
        {
            warning = $"hba line {rule.Line}: {fault.Message}; the line refuses whom it matches";
        }

        return new HbaRule(rule.Line, rule.Type, rule.Databases, rule.Users, rule.Address)
        {
            Method = options is null ? AuthMethod.Reject : AuthMethod.Ldap,
            Ldap = options,
        };
    }
}
