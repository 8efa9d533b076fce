using YamlDotNet.Core;

namespace Tigger.Config;

/// <summary>Reads the YAML configuration: PgBouncer's settings at the top level, and the maps databases, users and peers.</summary>
internal static class YamlLoader
{
    /// <summary>Reads a text. Relative paths in it count from the directory of <paramref name="fileName"/>, which need not exist.</summary>
    public static ConfigResult Parse(string yaml, string fileName)
    {
        ConfigNode root;
        try
        {
            root = YamlTree.Read(yaml);
        }
        catch (YamlException e)
        {
            return ConfigLoader.Fail(fileName, new ConfigMark((int)e.Start.Line, (int)e.Start.Column), Explain(e.Message));
        }

        if (root.Kind != ConfigNodeKind.Map && !root.IsEmptyScalar)
            return ConfigLoader.Fail(fileName, root.Mark, $"expected settings (key: value), found {root.Describe()}");
        var builder = new ConfigBuilder(fileName, Path.GetDirectoryName(Path.GetFullPath(fileName))!);
        foreach (var (key, value) in root.Pairs)
            ReadTopLevel(builder, key, value);
        return builder.Build();
    }

    private static void ReadTopLevel(ConfigBuilder builder, ConfigNode key, ConfigNode value)
    {
        Action<ConfigNode, ConfigNode>? add = key.Text switch
        {
            ConfigBuilder.DatabasesKey => builder.AddDatabase,
            ConfigBuilder.UsersKey => builder.AddUser,
            ConfigBuilder.PeersKey => builder.AddPeer,
            _ => null,
        };
        if (key.Kind != ConfigNodeKind.Scalar)
        {
            builder.Faults.Error("", key.Mark, $"expected the name of a setting, found {key.Describe()}");
        }
        else if (add is null)
        {
            builder.Set(key, value);
        }
        else if (value.Kind != ConfigNodeKind.Map && !value.IsEmptyScalar)
        {
            builder.Faults.Error(key.Text, value.Mark, $"expected a map of names, found {value.Describe()}");
        }
        else if (builder.Enter(key.Text, key, key.Mark))
        {
            foreach (var (name, keys) in value.Pairs)
                add(name, keys);
        }
    }

    // PgBouncer users write listen_addr: * and YAML takes the star for an alias.
    private static string Explain(string message) =>
        message.Contains("alias", StringComparison.OrdinalIgnoreCase) && !message.Contains("\"*\"", StringComparison.Ordinal)
            ? $"{message} (write a lone * as \"*\")"
            : message;
}
