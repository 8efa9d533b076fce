using Tigger.Auth;
using Tigger.Auth.Hba;
using Tigger.Auth.Ldap;
using Tigger.Config;

namespace Tigger.Hosting;

/// <summary>Reads the configuration file and the secrets it names, as one.</summary>
public sealed class ConfigSource(string path)
{
    public string Path { get; } = path;

    /// <summary>Everything the process needs, or the faults why it cannot be had; never both halves of two versions.</summary>
    public (TiggerConfig Config, CredentialStore Credentials)? Load(out IReadOnlyList<ConfigFault> faults)
    {
        ConfigResult result = ConfigLoader.Load(Path);
        List<ConfigFault> found = [.. result.Faults];
        faults = found;
        if (result.Config is not { } config)
        {
            return null;
        }

        found.AddRange(NotInThisVersion.Check(Path, config, result.Places));
        if (found.Exists(fault => fault.Severity == FaultSeverity.Error))
        {
            return null;
        }

        Dictionary<string, UserSecret> secrets = new(StringComparer.Ordinal);
        if (config.AuthFile is { Length: > 0 } file && !ReadUserList(file, secrets, found))
        {
            return null;
        }

        // What stands in the configuration itself counts more than the list it names.
        foreach (UserConfig user in config.Users.Values.Where(user => user.Password is not null || !secrets.ContainsKey(user.Name)))
        {
            secrets[user.Name] = user.Password is { } password ? UserSecret.Parse(password) : UserSecret.Elsewhere;
        }

        if (!HbaFiles.TryRead(config, found, out HbaRules? hba) || !TryReadLdap(config, result.Places, found, out LdapOptions? ldap))
        {
            return null;
        }

        return (config, new CredentialStore(secrets, config.ScramIterations) { Hba = hba, Ldap = ldap });
    }

    private bool TryReadLdap(
        TiggerConfig config, IReadOnlyDictionary<string, ConfigMark> places, List<ConfigFault> faults, out LdapOptions? options)
    {
        options = null;
        try
        {
            options = config.AuthLdapOptions is { } text ? LdapOptionsReader.Read(text) : null;
            return true;
        }
        catch (AuthSyntaxException fault)
        {
            ConfigMark place = places.GetValueOrDefault("auth_ldap_options");
            faults.Add(new ConfigFault(Path, place.Line, place.Column, "auth_ldap_options", fault.Message));
            return false;
        }
    }

    private static bool ReadUserList(string file, Dictionary<string, UserSecret> secrets, List<ConfigFault> faults)
    {
        try
        {
            UserList list = UserList.Parse(File.ReadAllText(file));
            faults.AddRange(list.Faults.Select(fault =>
                new ConfigFault(file, fault.Line, 1, "auth_file", fault.Text, FaultSeverity.Warning)));
            foreach ((string name, UserSecret secret) in list.Users)
            {
                secrets[name] = secret;
            }

            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            faults.Add(new ConfigFault(file, 0, 0, "auth_file", fault.Message));
            return false;
        }
    }
}
