namespace Tigger.Tests.Fixtures;

/// <summary>Both spellings of one configuration.</summary>
public sealed class TiggerConfigBuilderTests
{
    private static readonly TiggerConfigBuilder Config = new TiggerConfigBuilder()
        .Set("default_pool_size", 5)
        .Set("admin_users", new[] { "a", "b" })
        .Set("server_reset_query_always", true)
        .Database("*", ("host", "127.0.0.1"), ("port", 5432))
        .User("a", ("password", "it \"is\""), ("max_user_connections", 3));

    [Fact]
    public void ToYaml_quotes_text_and_leaves_numbers()
    {
        const string Expected = """
            default_pool_size: 5
            admin_users: ["a", "b"]
            server_reset_query_always: true
            databases:
              "*": { host: "127.0.0.1", port: 5432 }
            users:
              "a": { password: "it \"is\"", max_user_connections: 3 }

            """;
        Assert.Equal(Expected, Config.ToYaml());
    }

    [Fact]
    public void ToIni_moves_passwords_to_the_user_list()
    {
        var (ini, users) = Config.ToIni("list.txt");
        Assert.Contains("server_reset_query_always = 1\nauth_file = list.txt\n[databases]\n* = host='127.0.0.1' port='5432'\n", ini, StringComparison.Ordinal);
        Assert.Contains("a = max_user_connections='3'", ini, StringComparison.Ordinal);
        Assert.StartsWith("\"a\" ", users, StringComparison.Ordinal);
    }
}
