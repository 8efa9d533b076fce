using Tigger.Config;

namespace Tigger.Admin.Show;

/// <summary>SHOW CONFIG: every setting, PgBouncer's and Tigger's own.</summary>
public sealed class ShowConfig : IShowCommand
{
    public string Name => "config";

    public IReadOnlyList<ResultColumn> Columns { get; } = ResultColumn.List("key:s value:s default:s changeable:s");

    public void Fill(ResultTable rows, AdminContext context)
    {
        TiggerConfig config = context.Config;
        foreach (Setting<TiggerConfig> setting in SettingsTable.All)
        {
            string? value = setting.Format(config);
            value = setting.IsSecret && !string.IsNullOrEmpty(value) ? "****" : value;
            rows.Add(setting.Name, value, setting.Default, setting.Changeable ? "yes" : "no");
        }
    }
}
