using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Secrets from userlist.txt, in every form it may hold them.</summary>
public sealed class UserListTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const string FileName = "userlist.txt";

    [Theory]
    [EachLocalDataPath(Roles.Md5)]
    [EachLocalDataPath(Roles.Plain)]
    [EachLocalDataPath(Roles.Scram)]
    public async Task Plain_password_in_the_file_serves_both_sides(DataPath path, string role)
    {
        var pooler = await StartAsync(path, "md5", $"; a comment\n\"{role}\" \"{Roles.PasswordOf(role)}\"\n");
        await using var client = await pooler.ClientAsync(role, password: Roles.PasswordOf(role));
        Assert.Equal(role, await client.ScalarAsync("SELECT current_user"));
    }

    [Theory]
    [EachLocalDataPath("md5", Roles.Md5)]
    [EachLocalDataPath("md5", Roles.Scram)]
    [EachLocalDataPath("scram-sha-256", Roles.Scram)]
    public async Task Secret_copied_from_the_server_is_enough(DataPath path, string authType, string role)
    {
        // No plain password anywhere: for SCRAM the pooler logs in with the client key the client has proved to know.
        var secret = await SecretAsync(role);
        var pooler = await StartAsync(path, authType, $"\"{role}\" \"{secret}\"\n");
        Assert.DoesNotContain(Roles.PasswordOf(role), await File.ReadAllTextAsync(pooler.ConfigFile), StringComparison.Ordinal);
        await using var client = await pooler.ClientAsync(role, password: Roles.PasswordOf(role));
        Assert.Equal(role, await client.ScalarAsync("SELECT current_user"));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Secret_from_the_server_still_refuses_a_wrong_password(DataPath path)
    {
        var pooler = await StartAsync(path, "scram-sha-256", $"\"{Roles.Scram}\" \"{await SecretAsync(Roles.Scram)}\"\n");
        var refusal = await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync(Roles.Scram, password: "wrong"));
        Assert.Contains("authentication failed", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Doubled_quotes_stand_for_one(DataPath path)
    {
        var pooler = await StartAsync(path, "plain", "\"trustuser\" \"a \"\"quoted\"\" word\"\n");
        await using var client = await pooler.ClientAsync(Roles.Trust, password: "a \"quoted\" word");
        Assert.Equal(Roles.Trust, await client.ScalarAsync("SELECT current_user"));
    }

    private Task<string> SecretAsync(string role) =>
        Postgres.ScalarAsync<string>($"SELECT rolpassword FROM pg_authid WHERE rolname = '{role}'");

    private Task<TiggerProcess> StartAsync(DataPath path, string authType, string userList) =>
        StartAsync(
            path,
            config => config.RemoveUsers().Set("auth_type", authType).Set("auth_file", FileName),
            pooler => File.WriteAllText(Path.Combine(pooler.Home, FileName), userList));
}
