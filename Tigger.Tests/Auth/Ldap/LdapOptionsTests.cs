using Tigger.Auth;
using Tigger.Auth.Ldap;

namespace Tigger.Tests.Auth.Ldap;

public sealed class LdapOptionsTests
{
    [Fact]
    public void Read_AllKeys_AreTaken()
    {
        LdapOptions options = LdapOptionsReader.Read(
            "ldapserver=\"a b\" ldapport=1389, ldapscheme=ldaps ldaptls=1 ldapbasedn=\"dc=example,dc=org\" "
            + "ldapbinddn=cn=admin \"ldapbindpasswd\"=\"say \"\"hi\"\"\" ldapsearchattribute=mail");
        LdapOptions expected = new()
        {
            Server = "a b",
            Port = 1389,
            IsLdaps = true,
            StartTls = true,
            BaseDn = "dc=example,dc=org",
            BindDn = "cn=admin",
            BindPassword = "say \"hi\"",
            SearchAttribute = "mail",
        };
        Assert.Equal(expected, options);
        Assert.Equal(LdapScope.Subtree, options.Scope);
        Assert.DoesNotContain("hi", options.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ldap://h/dc=x?uid?sub", "h", 0, "dc=x", "uid", LdapScope.Subtree, null)]
    [InlineData("ldap://h:1389/dc=x?uid,cn?one", "h", 1389, "dc=x", "uid", LdapScope.OneLevel, null)]
    [InlineData("ldap://h/dc=x", "h", 0, "dc=x", null, LdapScope.Base, null)]
    [InlineData("ldap://h/ou=a%20b,dc=x??sub?(cn=$username)", "h", 0, "ou=a b,dc=x", null, LdapScope.Subtree, "(cn=$username)")]
    public void Read_Url_IsTakenApart(string url, string server, int port, string baseDn, string? attribute, LdapScope scope, string? filter)
    {
        LdapOptions options = LdapOptionsReader.Read($"ldapurl=\"{url}\"");
        Assert.Equal(
            new LdapOptions { Server = server, Port = port, BaseDn = baseDn, SearchAttribute = attribute, Scope = scope, SearchFilter = filter },
            options);
    }

    [Theory]
    [InlineData("", "requires argument")]
    [InlineData("ldapserver=a", "requires argument")]
    [InlineData("ldapserver=a ldapprefix=cn= ldapbasedn=x", "cannot use ldapbasedn")]
    [InlineData("ldapserver=a ldapbasedn=x ldapsearchattribute=a ldapsearchfilter=b", "cannot use ldapsearchattribute together")]
    [InlineData("ldapbasedn=x", "LDAP server not specified")]
    [InlineData("ldapserver=a ldapport=0", "invalid LDAP port number: \"0\"")]
    [InlineData("ldapscheme=http", "invalid ldapscheme value: \"http\"")]
    [InlineData("ldapurl=http://x/y", "unsupported LDAP URL scheme: http")]
    [InlineData("ldapurl=nonsense", "could not parse LDAP URL")]
    [InlineData("ldapurl=ldap://x/y??up", "invalid scope")]
    [InlineData("nonsense=1", "invalid LDAP key parameter: \"nonsense\"")]
    [InlineData("ldapserver", "key=value expected")]
    [InlineData("ldapserver= a", "empty")]
    [InlineData("ldapserver=\"a", "no closing quote")]
    public void Read_WrongOptions_SayWhy(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<AuthSyntaxException>(() => LdapOptionsReader.Read(text)).Message, StringComparison.Ordinal);
}
