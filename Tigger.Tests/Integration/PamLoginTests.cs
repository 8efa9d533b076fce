using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Passwords that PAM knows.</summary>
public sealed class PamLoginTests(PostgresServer postgres) : PoolerTest(postgres)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Right_password_is_let_in_and_opens_the_server(bool byHba)
    {
        Assert.SkipUnless(PamService.IsPossible, "needs root for /etc/pam.d, as eBPF does");
        using var pam = new PamService(Roles.Plain, Roles.PasswordOf(Roles.Plain));
        var pooler = await StartAsync(
            DataPath.User,
            config => config.RemoveUsers().Set("auth_type", byHba ? "hba" : "pam").Set("auth_hba_file", "hba.conf"),
            made => File.WriteAllText(Path.Combine(made.Home, "hba.conf"), "host all all all pam\n"));

        // The role asks for its password on the server as well: Tigger logs in there with what PAM has found right.
        await using var client = await pooler.ClientAsync(Roles.Plain, password: Roles.PasswordOf(Roles.Plain));
        Assert.Equal(Roles.Plain, await client.ScalarAsync("SELECT current_user"));
        foreach (var (user, password) in new[] { (Roles.Plain, "wrong"), (Roles.Plain, ""), (Roles.Trust, Roles.PasswordOf(Roles.Plain)) })
        {
            var refusal = await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync(user, password: password));
            Assert.Equal("PAM authentication failed", refusal.Message);
        }

        await pooler.Log.WaitForAsync("pam_authenticate() failed");
        var logins = Enumerable.Range(0, 20).Select(_ => pooler.ClientAsync(Roles.Plain, password: Roles.PasswordOf(Roles.Plain)));
        foreach (var one in await Task.WhenAll(logins))
            await one.DisposeAsync();
    }
}
