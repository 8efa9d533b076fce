using Tigger.Config;
using Tigger.Config.Reference;
using Tigger.Tests.Packages;

namespace Tigger.Tests.Config;

/// <summary>The reference is made from the table; what is committed is what it makes.</summary>
public sealed class ReferenceTests
{
    [Fact]
    public void Markdown_OfTheTable_IsTheCommittedFile() =>
        Assert.True(
            MarkdownReference.Write() == File.ReadAllText(Repository.File("docs", "configuration.md")), "docs/configuration.md is out of date: run make docs");

    [Fact]
    public void Markdown_EverySetting_HasARow()
    {
        var lines = MarkdownReference.Write().Split("\n## databases")[0].Split('\n');
        foreach (var setting in SettingsTable.All)
        {
            var cells = Assert.Single(lines, line => line.StartsWith($"| `{setting.Name}` | ", StringComparison.Ordinal)).Split(" | ");
            Assert.Equal(setting.Changeable ? "yes" : "start only", cells[3]);
            Assert.Equal(setting.IsTiggers, cells[4] == "–");
        }
    }

    [Fact]
    public void ManualPage_EverySetting_IsAnEntry()
    {
        var page = ManReference.Write();
        foreach (var name in SettingsTable.All.Select(setting => setting.Name).Concat(DatabaseKeys.Table.All.Select(key => key.Name)))
            Assert.Contains($".TP\n.B {name}\n", page, StringComparison.Ordinal);
    }
}
