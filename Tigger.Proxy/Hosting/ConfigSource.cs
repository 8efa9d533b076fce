using Tigger.Auth;
using Tigger.Config;
using Tigger.Tls;

namespace Tigger.Hosting;

/// <summary>Reads the configuration file, and the secrets and certificates it names, as one.</summary>
public sealed class ConfigSource(string path)
{
    public string Path { get; } = path;

    /// <summary>Everything the process needs, or the faults why it cannot be had; never parts of two versions.</summary>
    public LoadedConfig? Load(out IReadOnlyList<ConfigFault> faults)
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

        if (TlsContexts.Load(config, out TlsFault? tlsFault) is not { } tls)
        {
            ConfigMark place = result.Places.GetValueOrDefault(tlsFault!.Key);
            found.Add(new ConfigFault(Path, place.Line, place.Column, tlsFault.Key, tlsFault.Reason));
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
            secrets[user.Name] = UserSecret.Parse(user.Password ?? "");
        }

        return new LoadedConfig(config, new CredentialStore(secrets, config.ScramIterations), tls);
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
