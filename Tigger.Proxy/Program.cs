using Tigger.Cli;
using Tigger.Hosting;

InheritedSignals.StopIgnoring();
return TiggerCommand.Run(args);
