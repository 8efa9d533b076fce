using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Passwords that an LDAP server knows.</summary>
public sealed class LdapLoginTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const string Search = $"ldapbasedn=\"{LdapServer.Base}\" ldapbinddn=\"{LdapServer.Admin}\" ldapbindpasswd=\"{LdapServer.AdminPassword}\"";

    public static TheoryData<string> Options { get; } = new(
        $"ldapprefix=\"uid=\" ldapsuffix=\",{LdapServer.Base}\"",
        Search,
        Search + " ldapsearchattribute=cn",
        Search + " ldapsearchfilter=\"(mail=$username@example.org)\"");

    [Theory]
    [MemberData(nameof(Options))]
    public async Task Right_password_is_let_in_and_opens_the_server(string options)
    {
        // The role asks for its password on the server as well: Tigger logs in there with what LDAP has found right.
        var ldap = Own(await LdapServer.StartAsync(Roles.Plain, "other"));
        var pooler = await StartAsync(DataPath.User, config => config.RemoveUsers()
            .Set("auth_type", "ldap").Set("auth_ldap_options", $"ldapserver=127.0.0.1 ldapport={ldap.Port} {options}"));
        await using var client = await pooler.ClientAsync(Roles.Plain, password: Roles.PasswordOf(Roles.Plain));
        Assert.Equal(Roles.Plain, await client.ScalarAsync("SELECT current_user"));
        foreach (var (user, password) in new[] { (Roles.Plain, "wrong"), (Roles.Plain, ""), ("nobody_knows_me", "x"), ("*", Roles.PasswordOf(Roles.Plain)) })
            Assert.Equal("LDAP authentication failed", (await RefusalAsync(pooler, user, password)).Message);
        await pooler.Log.WaitForAsync("LDAP");
        Assert.DoesNotContain(LdapServer.AdminPassword, pooler.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hba_line_names_a_server_of_its_own()
    {
        var ldap = Own(await LdapServer.StartAsync(Roles.Plain));
        var pooler = await StartAsync(
            DataPath.User,
            config => config.Set("auth_type", "hba").Set("auth_hba_file", "hba.conf"),
            made => File.WriteAllText(
                Path.Combine(made.Home, "hba.conf"),
                $"host all {Roles.Plain} all ldap ldapurl=\"ldap://127.0.0.1:{ldap.Port}/{LdapServer.Base}?uid?sub\" {Search.Split(' ', 2)[1]}\n"));
        await using var client = await pooler.ClientAsync(Roles.Plain, password: Roles.PasswordOf(Roles.Plain));
        Assert.Equal(Roles.Plain, await client.ScalarAsync("SELECT current_user"));
    }

    [Fact]
    public async Task Server_that_is_not_there_refuses_everybody_and_the_others_go_on()
    {
        var pooler = await StartAsync(DataPath.User, config => config
            .Set("auth_type", "ldap").Set("auth_ldap_options", $"ldapserver=127.0.0.1 ldapport={FreePort.Next()} ldapprefix=cn="));
        Assert.Equal("LDAP authentication failed", (await RefusalAsync(pooler, Roles.Plain, "x")).Message);
        await pooler.Log.WaitForAsync("LDAP login failed");
    }

    private static Task<ServerErrorException> RefusalAsync(TiggerProcess pooler, string user, string password) =>
        Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync(user, password: password));
}
