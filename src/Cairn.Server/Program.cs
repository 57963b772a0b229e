using Cairn.Cli;
using Cairn.Server.Commands;

return await CairnCommandLine.RunAsync(args, [ServerCommand.Build()]);
