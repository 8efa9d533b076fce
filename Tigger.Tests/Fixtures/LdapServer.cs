namespace Tigger.Tests.Fixtures;

/// <summary>A throw-away OpenLDAP server with three people, gone on disposal.</summary>
public sealed class LdapServer : IAsyncDisposable
{
    public const string Base = "dc=example,dc=org", Admin = $"cn=admin,{Base}", AdminPassword = "admin secret";

    private readonly TempDirectory _directory = new("ldap");
    private ChildProcess? _process;

    private LdapServer()
    {
    }

    public int Port { get; } = FreePort.Next();

    /// <summary>Everybody's password is <see cref="Roles.PasswordOf"/> of the name.</summary>
    public static async Task<LdapServer> StartAsync(params string[] people)
    {
        var server = new LdapServer();
        try
        {
            await server.RunAsync(people);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Send(Signal.Term);
            await _process.WaitForExitAsync(TimeSpan.FromSeconds(10));
            await _process.DisposeAsync();
        }

        _directory.Dispose();
    }

    private async Task RunAsync(string[] people)
    {
        var config = _directory.File("slapd.conf");
        Directory.CreateDirectory(_directory.File("data"));
        await File.WriteAllTextAsync(config, $"""
            include /etc/ldap/schema/core.schema
            include /etc/ldap/schema/cosine.schema
            include /etc/ldap/schema/inetorgperson.schema
            pidfile {_directory.File("slapd.pid")}
            database ldif
            suffix "{Base}"
            directory {_directory.File("data")}
            rootdn "{Admin}"
            rootpw "{AdminPassword}"
            access to attrs=userPassword by anonymous auth by * none
            access to * by dn="{Admin}" write by * none

            """);
        var entries = people.Select(name => $"""
            dn: uid={name},{Base}
            objectClass: inetOrgPerson
            uid: {name}
            cn: {name}
            sn: {name}
            mail: {name}@example.org
            userPassword: {Roles.PasswordOf(name)}

            """);
        var data = _directory.File("data.ldif");
        await File.WriteAllTextAsync(data, $"""
            dn: {Base}
            objectClass: dcObject
            objectClass: organization
            dc: example
            o: example


            """ + string.Join('\n', entries));
        (await PgTools.RunProgramAsync("/usr/sbin/slapadd", ["-f", config, "-l", data])).Succeeded();

        // With a debug level, be it 0, it stays in the foreground.
        _process = ChildProcess.Start("/usr/sbin/slapd", ["-d", "0", "-h", $"ldap://127.0.0.1:{Port}", "-f", config], deathSignal: "TERM");
        await Eventually.TrueAsync(AcceptsAsync, "slapd accepts connections");
    }

    private async Task<bool> AcceptsAsync()
    {
        Assert.False(_process!.HasExited, "slapd ended at start:\n" + _process.Error.Text);
        try
        {
            using var probe = new System.Net.Sockets.TcpClient();
            await probe.ConnectAsync("127.0.0.1", Port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
