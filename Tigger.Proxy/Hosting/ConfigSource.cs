using Tigger.Auth;
using Tigger.Auth.Hba;
using Tigger.Auth.Ldap;
using Tigger.Config;
using Tigger.Tls;

namespace Tigger.Hosting;

/// <summary>Reads the configuration file, and the secrets and certificates it names, as one.</summary>
/// <param name="Path">The file, as it was named.</param>
public sealed record ConfigSource(string Path)
{
    private const int MostVerbose = 3;

    /// <summary>What counts more than the file.</summary>
    public StartOptions Options { get; init; } = new();

    /// <summary>Everything the process needs, or the faults why it cannot be had; never parts of two versions.</summary>
    /// <param name="faults">Errors and warnings.</param>
    /// <param name="isReload">True: there is something to go on with when a file is missing.</param>
    public LoadedConfig? Load(out IReadOnlyList<ConfigFault> faults, bool isReload = false)
    {
        ConfigResult result = ConfigLoader.Load(Path);
        List<ConfigFault> found = [.. result.Faults];
        faults = found;
        if (result.Config is not { } read)
        {
            return null;
        }

        TiggerConfig config = read with
        {
            User = Options.User ?? read.User,
            Verbose = result.Places.ContainsKey("verbose") ? read.Verbose : Math.Min(Options.Verbose, MostVerbose),
        };
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
        if (config.AuthFile is { Length: > 0 } file && ReadUserList(file, secrets, found) is { } unreadable)
        {
            // PgBouncer starts without it, and keeps what it has when it goes on.
            FaultSeverity severity = result.IsIni && !isReload ? FaultSeverity.Warning : FaultSeverity.Error;
            found.Add(new ConfigFault(file, 0, 0, "auth_file", $"could not open auth_file {file}: {unreadable}", severity));
            if (severity == FaultSeverity.Error)
            {
                return null;
            }
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

        CredentialStore credentials = new(secrets, config.ScramIterations) { Hba = hba, Ldap = ldap };
        return new LoadedConfig(config, credentials, tls);
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

    /// <returns>Null, or why it cannot be read.</returns>
    private static string? ReadUserList(string file, Dictionary<string, UserSecret> secrets, List<ConfigFault> faults)
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

            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return FileFault.Reason(fault);
        }
    }
}
