using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Tigger.Config;

namespace Tigger.Tests.Config;

/// <summary>The files in deploy/ are documentation that is loaded here, so that it cannot rot.</summary>
public sealed partial class DeployFilesTests
{
    private static string DeployFile(string name, [CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "deploy", name));

    [GeneratedRegex(@"^(?<indent> *)# (?<key>[a-z][a-z0-9_]+):(?<value>.*)$", RegexOptions.Multiline)]
    private static partial Regex CommentedSetting { get; }

    [Theory]
    [InlineData("tigger.yaml")]
    [InlineData("tigger.minimal.yaml")]
    public void Load_DeployFile_HasNoFaults(string name)
    {
        var result = ConfigLoader.Load(DeployFile(name));

        Assert.Empty(result.Faults);
        Assert.NotNull(result.Config!.FallbackDatabase);
    }

    [Fact]
    public void Reference_EveryKey_IsMentioned()
    {
        var text = File.ReadAllText(DeployFile("tigger.yaml"));
        var globals = SettingsTable.All.Select(setting => (Indent: "", setting.Name));
        var nested = DatabaseKeys.Table.All.Select(key => key.Name).Concat(UserKeys.Table.All.Select(key => key.Name)).Select(name => (Indent: "    ", Name: name));

        var mirrors = MirrorKeys.Table.All.Select(key => (Indent: "    #   [- ] ", key.Name));
        Assert.All(mirrors, key => Assert.Matches($"(?m)^{key.Indent}{key.Name}:", text));
        foreach (var (indent, name) in globals.Concat(nested))
            Assert.Matches($"(?m)^{indent}(# )?{name}:", text);
    }

    [Fact]
    public void Reference_EveryCommentedSetting_IsKnownAndShowsTheDefault()
    {
        var text = File.ReadAllText(DeployFile("tigger.yaml"));
        var plain = ConfigLoader.Load(DeployFile("tigger.yaml")).Config!;

        // A line such as "# listen_port: 6432" must change nothing when the comment sign goes.
        var uncommented = CommentedSetting.Replace(text, "${indent}${key}:${value}");
        var result = ConfigLoader.Parse(uncommented, DeployFile("tigger.yaml"));

        Assert.Empty(result.Faults);
        Assert.All(
            SettingsTable.All,
            setting => Assert.Equal((setting.Name, setting.Format(plain)), (setting.Name, setting.Format(result.Config!))));
        Assert.Equal(plain.Databases["shop"], result.Config!.Databases["shop"]);
        Assert.Equal(plain.Users["app"], result.Config.Users["app"]);
    }
}
