namespace Tigger.Tests.Fixtures;

/// <summary>
/// The PAM service <c>pgbouncer</c> with one password for everybody, checked by a script. PAM reads services from /etc/pam.d, so
/// the file stands there while the fixture lives; an administrator's own is put back.
/// </summary>
public sealed class PamService : IDisposable
{
    private const string ServiceFile = "/etc/pam.d/pgbouncer";

    private readonly TempDirectory _directory = new("pam");
    private readonly string? _before;

    public PamService(string user, string password)
    {
        var script = _directory.File("check");
        File.WriteAllText(script, $"#!/bin/sh\nread -r given\n[ \"$PAM_USER\" = '{user}' ] && [ \"$given\" = '{password}' ] && [ -n \"$PAM_RHOST\" ]\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _before = File.Exists(ServiceFile) ? File.ReadAllText(ServiceFile) : null;
        File.WriteAllText(ServiceFile, $"auth required pam_exec.so expose_authtok quiet {script}\naccount required pam_permit.so\n");
    }

    /// <summary>Only root may write there.</summary>
    public static bool IsPossible => LibC.EffectiveUser() == 0 && Directory.Exists("/etc/pam.d");

    public void Dispose()
    {
        if (_before is null)
            File.Delete(ServiceFile);
        else
            File.WriteAllText(ServiceFile, _before);
        _directory.Dispose();
    }
}
