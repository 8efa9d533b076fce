using Tigger.Config;

namespace Tigger.Tests.Config;

public sealed class ConfigRecordTests
{
    [Fact]
    public void DatabaseConfig_LoadedTwice_IsEqual()
    {
        const string Text = "databases: { shop: { host: [a, b], password: x, user: u, pool_size: 5, server_lifetime: 1h } }";

        var first = Yaml.Load(Text).Databases["shop"];
        var second = Yaml.Load(Text).Databases["shop"];

        Assert.NotSame(first, second);
        Assert.Equal(first, second);
        Assert.Equal(first.GetHashCode(), second.GetHashCode());
    }

    [Fact]
    public void DatabaseConfig_OtherHostOrPassword_IsNotEqual()
    {
        var database = new DatabaseConfig { Name = "shop", Host = ["a", "b"], Password = "x" };

        Assert.NotEqual(database, database with { Host = ["b", "a"] });
        Assert.NotEqual(database, database with { Password = "y" });
    }

    [Fact]
    public void UserConfig_LoadedTwice_IsEqual()
    {
        const string Text = "users: { app: { password: x, pool_mode: session, query_timeout: 5 } }";

        Assert.Equal(Yaml.Load(Text).Users["app"], Yaml.Load(Text).Users["app"]);
    }

    [Fact]
    public void ToString_Secrets_AreMasked()
    {
        var config = Yaml.Load("""
            auth_ldap_options: ldapbindpasswd=hunter2
            databases: { shop: { host: a, user: u, password: hunter2 } }
            users: { app: { password: hunter2, pool_size: 3 } }
            """);

        Assert.Equal("shop { host = a, password = ***, user = u }", config.Databases["shop"].ToString());
        Assert.Equal("app { password = ***, pool_size = 3 }", config.Users["app"].ToString());
        Assert.Contains("auth_ldap_options = ***", config.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", config.ToString(), StringComparison.Ordinal);
    }
}
