using Cairn.Cli;
using Cairn.Server.Commands;
using Cairn.Server.Lifecycle;

NativeLibraries.Load();
return await CairnCommandLine.RunAsync(args, [ServerCommand.Build(), InspectCommand.Build(), CertsCommand.Build()]);
