using Tigger.Cli;

return TiggerCommand.Run(args);
