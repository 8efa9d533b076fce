using System.Globalization;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Started by root, Tigger becomes the user of its file, whole.</summary>
public sealed class ServiceUserTests : IAsyncDisposable
{
    private readonly IniPooler _pooler = new();

    public ValueTask DisposeAsync() => _pooler.DisposeAsync();

    private static ServiceAccount Account
    {
        get
        {
            Assert.SkipWhen(PoolerProgram.IsReference, "about Tigger alone");
            Assert.SkipWhen(ServiceAccount.Unprivileged is null, "only root can become another user");
            return ServiceAccount.Unprivileged!;
        }
    }

    [Theory]
    [InlineData("user")]
    [InlineData("auto")]
    public async Task User_in_the_file(string dataPath)
    {
        // Only root can read the list of users, until the next reload.
        Write($"user = {Account.Name}\nauth_type = trust\nauth_file = users.txt", dataPath);
        _pooler.Write("users.txt", "\"postgres\" \"\"\n");
        File.SetUnixFileMode(Path.Combine(_pooler.Home, "users.txt"), UnixFileMode.UserRead);
        await _pooler.StartAsync(PoolerProgram.Tigger);
        AssertIsUser(Account);
        await using var admin = await _pooler.AdminAsync();
        Assert.Equal(Account.Name, await admin.ConfigAsync("user"));

        var reply = await admin.RunAsync("RELOAD");
        Assert.Contains("users.txt: Permission denied", Assert.Single(reply.Errors).Field('M')!, StringComparison.Ordinal);
        _pooler.Process.Send(Signal.Int);
        Assert.True(await _pooler.Process.WaitForExitAsync(Eventually.DefaultDeadline));
        Assert.False(File.Exists(_pooler.PidFile));
    }

    [Fact]
    public async Task User_on_the_command_line_counts_more()
    {
        Write("user = no_such_user_here", "user");
        await _pooler.StartAsync(PoolerProgram.Tigger, "-u", Account.Name);
        AssertIsUser(Account);
    }

    [Fact]
    public async Task Socket_file_has_group_and_mode()
    {
        Write($"unix_socket_group = {Account.Group}\nunix_socket_mode = 0750", "user");
        await _pooler.StartAsync(PoolerProgram.Tigger);
        var stat = await PgTools.RunProgramAsync("stat", ["-c", "%a %g", $"{_pooler.Home}/.s.PGSQL.{_pooler.Port}"]);
        Assert.Equal($"750 {Account.Group}", stat.Succeeded().Output.Trim());
    }

    private void Write(string settings, string dataPath) =>
        _pooler.Write("pgbouncer.ini", $"{_pooler.Basics}pidfile = pooler.pid\n{settings}\n[databases]\n* =\n[tigger]\ndata_path = {dataPath}\n");

    private void AssertIsUser(ServiceAccount account)
    {
        var threads = Directory.GetDirectories($"/proc/{_pooler.Process.Pid}/task");
        Assert.NotEmpty(threads);
        foreach (var thread in threads)
        {
            var status = File.ReadAllLines(Path.Combine(thread, "status"));
            Assert.Equal(Enumerable.Repeat(account.User, 4), Ids("Uid:"));
            Assert.Equal(Enumerable.Repeat(account.Group, 4), Ids("Gid:"));
            Assert.Contains(account.Group, Ids("Groups:"));
            Assert.DoesNotContain(0u, Ids("Groups:"));
            foreach (var set in new[] { "CapInh:", "CapPrm:", "CapEff:", "CapAmb:" })
                Assert.Equal("0000000000000000", Field(set));

            uint[] Ids(string name) => [.. Field(name).Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries).Select(id => uint.Parse(id, CultureInfo.InvariantCulture))];

            string Field(string name) => status.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
        }
    }
}
