using Tigger.Auth.Ldap;

namespace Tigger.Auth.Hba;

/// <summary>One line of an HBA file.</summary>
public sealed class HbaRule
{
    internal HbaRule(int line, HbaRuleType type, HbaNames databases, HbaNames users, HbaAddress? address)
    {
        Line = line;
        Type = type;
        Databases = databases;
        Users = users;
        Address = address;
    }

    /// <summary>Number of its line, from 1.</summary>
    public int Line { get; }

    public HbaRuleType Type { get; }

    public AuthMethod Method { get; internal init; }

    /// <summary>The map of <c>map=</c>, for peer and cert; null: the names must be the same.</summary>
    public IdentMap? Map { get; internal init; }

    /// <summary>What follows the method <c>ldap</c>.</summary>
    public LdapOptions? Ldap { get; internal init; }

    internal HbaNames Databases { get; }

    internal HbaNames Users { get; }

    /// <summary>Null for unix sockets.</summary>
    internal HbaAddress? Address { get; }

    public bool Matches(HbaRequest request) =>
        MatchesConnection(request)
        && (request.IsPhysicalReplication ? Databases.Replication : Databases.Matches(request.Database, request.User))
        && Users.Matches(request.User, request.Database);

    private bool MatchesConnection(HbaRequest request)
    {
        if (request.Address is not { } address)
        {
            return Type == HbaRuleType.Local;
        }

        return Type switch
        {
            HbaRuleType.Local => false,
            HbaRuleType.HostSsl when !request.IsEncrypted => false,
            HbaRuleType.HostNoSsl when request.IsEncrypted => false,
            _ => Address!.Matches(address),
        };
    }
}
