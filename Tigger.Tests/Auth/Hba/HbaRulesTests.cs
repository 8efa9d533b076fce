using System.Net;
using Tigger.Auth;
using Tigger.Auth.Hba;

namespace Tigger.Tests.Auth.Hba;

/// <summary>What each form of line matches; the last rows of a file decide only when no earlier one does.</summary>
public sealed class HbaRulesTests
{
    private const string File = "/etc/tigger/hba.conf";

    private static readonly Dictionary<string, string> Files = new(StringComparer.Ordinal)
    {
        ["/etc/tigger/users.txt"] = "alice, bob\n# nobody\n\n\"carol\" @more/names\n",
        ["/etc/tigger/more/names"] = "dave\n/^svc_",
        ["/etc/tigger/loop"] = "@loop",
    };

    [Theory]

    // Types.
    [InlineData("local all all trust", "unix db alice", AuthMethod.Trust)]
    [InlineData("local all all trust", "10.0.0.1 db alice", null)]
    [InlineData("host all all all trust", "unix db alice", null)]
    [InlineData("host all all all trust", "10.0.0.1 db alice", AuthMethod.Trust)]
    [InlineData("host all all all trust", "10.0.0.1 db alice tls", AuthMethod.Trust)]
    [InlineData("hostssl all all all md5", "10.0.0.1 db alice", null)]
    [InlineData("hostssl all all all md5", "10.0.0.1 db alice tls", AuthMethod.Md5)]
    [InlineData("hostnossl all all all md5", "10.0.0.1 db alice", AuthMethod.Md5)]
    [InlineData("hostnossl all all all md5", "10.0.0.1 db alice tls", null)]

    // Methods.
    [InlineData("local all all reject", "unix db alice", AuthMethod.Reject)]
    [InlineData("local all all password", "unix db alice", AuthMethod.Plain)]
    [InlineData("local all all scram-sha-256", "unix db alice", AuthMethod.ScramSha256)]
    [InlineData("local all all peer", "unix db alice", AuthMethod.Peer)]
    [InlineData("local all all pam", "unix db alice", AuthMethod.Pam)]
    [InlineData("hostssl all all all cert", "10.0.0.1 db alice tls", AuthMethod.Cert)]
    [InlineData("local all all ldap ldapserver=ldap.example ldapprefix=\"cn=\" ldapsuffix=\", dc=example\"", "unix db alice", AuthMethod.Ldap)]

    // Databases and users.
    [InlineData("local db all trust", "unix db alice", AuthMethod.Trust)]
    [InlineData("local db all trust", "unix DB alice", null)]
    [InlineData("local a,db , c all trust", "unix db alice", AuthMethod.Trust)]
    [InlineData("local \"a,db\" all trust", "unix db alice", null)]
    [InlineData("local \"a,db\" all trust", "unix a,db alice", AuthMethod.Trust)]
    [InlineData("local \"say \"\"hi\"\"\" all trust", "unix say_\"hi\" alice", AuthMethod.Trust)]
    [InlineData("local \"all\" all trust", "unix db alice", null)]
    [InlineData("local \"all\" all trust", "unix all alice", AuthMethod.Trust)]
    [InlineData("local sameuser all trust", "unix alice alice", AuthMethod.Trust)]
    [InlineData("local sameuser all trust", "unix db alice", null)]
    [InlineData("local sameuser,db all trust", "unix db alice", AuthMethod.Trust)]
    [InlineData("local replication all trust", "unix db alice", null)]
    [InlineData("local replication all trust", "unix db alice replication", AuthMethod.Trust)]
    [InlineData("local all all trust", "unix db alice replication", null)]
    [InlineData("local all alice,bob trust", "unix db bob", AuthMethod.Trust)]
    [InlineData("local all alice,bob trust", "unix db carol", null)]
    [InlineData("local all @users.txt trust", "unix db carol", AuthMethod.Trust)]
    [InlineData("local all @users.txt trust", "unix db dave", AuthMethod.Trust)]
    [InlineData("local all @users.txt trust", "unix db svc_mail", AuthMethod.Trust)]
    [InlineData("local all eve,@users.txt trust", "unix db eve", AuthMethod.Trust)]
    [InlineData("local all @users.txt trust", "unix db eve", null)]
    [InlineData("local all \"@users.txt\" trust", "unix db @users.txt", AuthMethod.Trust)]
    [InlineData("local /^shop_[0-9]+$ all trust", "unix shop_12 alice", AuthMethod.Trust)]
    [InlineData("local /^shop_[0-9]+$ all trust", "unix shop_x alice", null)]
    [InlineData("local all \"/^a.{1,9}$\" trust", "unix db alice", AuthMethod.Trust)]
    [InlineData("local all /lic trust", "unix db alice", AuthMethod.Trust)]

    // Addresses.
    [InlineData("host all all 10.1.2.0/24 trust", "10.1.2.200 db alice", AuthMethod.Trust)]
    [InlineData("host all all 10.1.2.0/24 trust", "10.1.3.1 db alice", null)]
    [InlineData("host all all 10.1.2.0/23 trust", "10.1.3.1 db alice", AuthMethod.Trust)]
    [InlineData("host all all 10.1.2.3/32 trust", "10.1.2.3 db alice", AuthMethod.Trust)]
    [InlineData("host all all 10.1.2.3/32 trust", "10.1.2.2 db alice", null)]
    [InlineData("host all all 0.0.0.0/0 trust", "255.0.0.1 db alice", AuthMethod.Trust)]
    [InlineData("host all all 0.0.0.0/0 trust", "::1 db alice", null)]
    [InlineData("host all all ::/0 trust", "fe80::1 db alice", AuthMethod.Trust)]
    [InlineData("host all all ::/0 trust", "10.0.0.1 db alice", null)]
    [InlineData("host all all 2001:db8::/33 trust", "2001:db8:7fff::1 db alice", AuthMethod.Trust)]
    [InlineData("host all all 2001:db8::/33 trust", "2001:db8:8000::1 db alice", null)]
    [InlineData("host all all 10.1.0.0 255.255.0.0 trust", "10.1.9.9 db alice", AuthMethod.Trust)]
    [InlineData("host all all 10.1.0.0 255.255.0.0 trust", "10.2.9.9 db alice", null)]
    [InlineData("host all all ::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff trust", "::1 db alice", AuthMethod.Trust)]

    // The first match decides, and a comment is none.
    [InlineData("local all alice reject\nlocal all all trust", "unix db alice", AuthMethod.Reject)]
    [InlineData("local all alice reject\nlocal all all trust", "unix db bob", AuthMethod.Trust)]
    [InlineData("# local all all trust\n\n  \tlocal all all md5 # local\n", "unix db bob", AuthMethod.Md5)]
    [InlineData("", "unix db bob", null)]
    public void Find_Line_MatchesOnly(string lines, string login, AuthMethod? expected)
    {
        HbaRules rules = Parse(lines);
        Assert.Empty(rules.Faults);
        Assert.Equal(expected, rules.Find(Login(login))?.Method);
    }

    [Theory]
    [InlineData("ipx all all trust", "unknown type")]
    [InlineData("\"local", "a text has no closing quote")]
    [InlineData("local", "did not find a name")]
    [InlineData("local all", "did not find a name")]
    [InlineData("local all all", "did not find a method")]
    [InlineData("local all,,b all trust", "did not find a name")]
    [InlineData("local samerole all trust", "samerole is not supported")]
    [InlineData("local samegroup all trust", "samegroup is not supported")]
    [InlineData("local all +admins trust", "membership in a role (+admins) is not supported")]
    [InlineData("local all @missing trust", "could not open file \"/etc/tigger/missing\"")]
    [InlineData("local all @loop trust", "files are nested too deeply")]
    [InlineData("local all /( trust", "invalid regular expression \"(\"")]
    [InlineData("local all all ident", "unsupported method: ident")]
    [InlineData("local all all trust now", "unsupported parameters")]
    [InlineData("local all all trust a=b", "unsupported parameters")]
    [InlineData("local all all peer map=nowhere", "map \"nowhere\" is not in auth_ident_file")]
    [InlineData("local all all md5 map=m", "map is only for the methods peer and cert")]
    [InlineData("host all all trust", "failed to parse address - trust")]
    [InlineData("host all all example.com trust", "failed to parse address - example.com")]
    [InlineData("host all all samenet trust", "failed to parse address - samenet")]
    [InlineData("host all all 10.1/16 trust", "failed to parse address - 10.1")]
    [InlineData("host all all 010.0.0.1/32 trust", "failed to parse address - 010.0.0.1")]
    [InlineData("host all all [::1]/128 trust", "failed to parse address - [::1]")]
    [InlineData("host all all 10.0.0.0/33 trust", "invalid mask")]
    [InlineData("host all all 10.0.0.0/ trust", "invalid mask")]
    [InlineData("host all all ::/129 trust", "invalid mask")]
    [InlineData("host all all 10.0.0.0 ffff:: trust", "failed to parse mask: ffff::")]
    [InlineData("host all all 10.0.0.0", "did not find mask")]
    public void Parse_WrongLine_IsNamedAndLeftOut(string line, string text)
    {
        HbaRules rules = Parse($"# first\n{line}\nlocal all last trust");
        HbaFault fault = Assert.Single(rules.Faults);
        Assert.Equal(2, fault.Line);
        Assert.StartsWith("could not parse hba config line 2: ", fault.Text, StringComparison.Ordinal);
        Assert.Contains(text, fault.Text, StringComparison.Ordinal);
        Assert.Equal(3, Assert.Single(rules.Rules).Line);
    }

    [Fact]
    public void Parse_AddressOutsideItsMask_WarnsAndMatchesNobody()
    {
        HbaRules rules = Parse("host all all 10.1.2.3/24 trust");
        Assert.Contains("address does not match mask", Assert.Single(rules.Faults).Text, StringComparison.Ordinal);
        Assert.Null(rules.Find(Login("10.1.2.3 db alice")));
    }

    [Fact]
    public void Parse_WrongLdapOptions_RefuseWhomTheLineMatches()
    {
        HbaRules rules = Parse("local all all ldap ldapserver=x\nlocal all all trust");
        Assert.Contains("ldapbasedn", Assert.Single(rules.Faults).Text, StringComparison.Ordinal);
        Assert.Equal(AuthMethod.Reject, rules.Find(Login("unix db alice"))?.Method);
    }

    [Fact]
    public void Find_ExpressionMeantToTakeForEver_TakesAMoment()
    {
        HbaRules rules = Parse("local /^(a+)+$ all trust");
        Assert.Null(rules.Find(new HbaRequest(null, false, false, new string('a', 60) + "!", "alice")));
    }

    [Fact]
    public void Find_PeerWithMap_GivesTheMap()
    {
        IdentMaps maps = IdentMaps.Parse("m root alice");
        HbaRules rules = HbaRules.Parse("local all all peer map=m", File, maps, Read);
        Assert.Same(maps.Find("m"), rules.Find(Login("unix db alice"))?.Map);
    }

    private static HbaRules Parse(string lines) => HbaRules.Parse(lines, File, IdentMaps.None, Read);

    private static string Read(string path) => Files.TryGetValue(path, out string? text) ? text : throw new FileNotFoundException("not here");

    /// <summary>address database user [tls] [replication]; an underscore before a quote stands for a blank.</summary>
    private static HbaRequest Login(string text)
    {
        string[] words = text.Split(' ');
        return new HbaRequest(
            words[0] == "unix" ? null : IPAddress.Parse(words[0]),
            words.Contains("tls"),
            words.Contains("replication"),
            words[1].Replace("_\"", " \"", StringComparison.Ordinal),
            words[2]);
    }
}
