using System.CommandLine;

namespace Tigger.Cli;

/// <summary>The configuration file on the command line: after -c, or by itself.</summary>
internal sealed class ConfigFileChoice
{
    private readonly Option<string?> _option = new("--config", "-c")
    {
        Description = "Configuration file: YAML, or PgBouncer's",
        HelpName = "file",
    };

    private readonly Argument<string?> _argument = new("file")
    {
        Description = "The same, without -c",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public ConfigFileChoice(Command command)
    {
        command.Options.Add(_option);
        command.Arguments.Add(_argument);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_option) is null == result.GetValue(_argument) is null)
            {
                result.AddError("One configuration file is needed: -c file");
            }
        });
    }

    public string In(ParseResult parsed) => parsed.GetValue(_option) ?? parsed.GetValue(_argument)!;
}
