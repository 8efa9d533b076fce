namespace Tigger.Tests.Fixtures;

/// <summary>Encryption, which is off unless a test turns it on.</summary>
public sealed partial class PostgresServer
{
    /// <summary>Shows the given certificate from now on, and takes those of clients that the authority has signed.</summary>
    public async Task UseTlsAsync(CertificateFiles files, string authorityFile)
    {
        Install(files.Certificate, "server.crt");
        Install(files.Key, "server.key");
        Install(authorityFile, "ca.crt");
        await ExecuteAsync("ALTER SYSTEM SET ssl = on");
        await ExecuteAsync("ALTER SYSTEM SET ssl_ca_file = 'ca.crt'");
        await ExecuteAsync("SELECT pg_reload_conf()");
    }

    /// <summary>Puts a line in front of pg_hba.conf; counts from the next login on.</summary>
    public async Task AddHbaAsync(string line)
    {
        var file = Path.Combine(DataDirectory, "pg_hba.conf");
        await File.WriteAllTextAsync(file, line + "\n" + await File.ReadAllTextAsync(file));
        await ExecuteAsync("SELECT pg_reload_conf()");
    }

    private void Install(string from, string name)
    {
        var target = Path.Combine(DataDirectory, name);
        File.WriteAllBytes(target, File.ReadAllBytes(from));
        File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (ServiceAccount.Unprivileged is { } owner)
            Assert.Equal(0, LibC.Chown(target, owner.User, owner.Group));
    }
}
