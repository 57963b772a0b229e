using System.CommandLine;
using System.Security.Cryptography;
using Cairn.Cli;

namespace Cairn.Server.Commands;

/// <summary><c>cairn certs</c>: makes the authority of a cluster and a folder of certificates for each of its nodes.</summary>
internal static class CertsCommand
{
    public static Command Build()
    {
        var command = new CommandWithExamples(
            "certs",
            "Makes certificates for the connections between nodes: an authority, once, and a folder for each node.",
            [
                new("For four nodes", "cairn certs --out certs node1 node2 node3 node4"),
                new("One more node, or new certificates for an old one", "cairn certs --out certs node5"),
                new("A node with several names", "cairn certs --out certs node1.example.com,node1,10.0.0.1"),
            ])
        {
            Notes = """
                Copy each node's folder (ca.crt, node.crt, node.key) to that node, and name it there. Nodes read the files
                again when they change; no restart is needed. ca.key signs nodes: keep it away from them.
                """,
        };
        var nodes = new Argument<string[]>("nodes")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "The names and addresses that other nodes reach a node by, with commas between them.",
        };
        var folder = new Option<string>("--out")
        {
            Required = true,
            HelpName = "folder",
            Description = "Where they are kept; the authority that is there is used again.",
        };
        var days = new Option<int>("--days")
        {
            DefaultValueFactory = _ => 365,
            HelpName = "days",
            Description = "How long the certificates of nodes are valid. Default: 365.",
        };
        command.Add(nodes);
        command.Add(folder);
        command.Add(days);
        command.SetAction((parsed, _) => Task.FromResult(
            Run(parsed.GetValue(nodes)!, Path.GetFullPath(parsed.GetValue(folder)!), parsed.GetValue(days))));
        return command;
    }

    private static int Run(string[] nodes, string folder, int days)
    {
        string[][] hosts = [.. nodes.Select(node => node.Split(',', StringSplitOptions.TrimEntries))];
        if (days is < 1 or > 3650)
        {
            Console.Error.WriteLine("cairn certs: --days must be 1 to 3650");
            return ExitCodes.Usage;
        }

        foreach (string host in hosts.SelectMany(names => names))
        {
            if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
            {
                Console.Error.WriteLine($"cairn certs: '{host}' is not a host name or an address");
                return ExitCodes.Usage;
            }
        }

        try
        {
            using CertificateStore store = CertificateStore.Open(folder, out bool isNew);
            Console.WriteLine(isNew ? $"Made an authority: {folder}/ca.crt, ca.key" : $"Used the authority in {folder}");
            foreach (string[] names in hosts)
            {
                Console.WriteLine($"Made {store.Issue(names, TimeSpan.FromDays(days))}, for {string.Join(", ", names)}");
            }

            return ExitCodes.Success;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            Console.Error.WriteLine($"cairn certs: {e.Message}");
            return ExitCodes.Failure;
        }
    }
}
