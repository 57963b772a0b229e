using Cairn.Cluster.Security;
using Cairn.Cluster.Transport;
using Cairn.Testing.Drives;
using Cairn.Testing.Links;
using Cairn.Testing.Simulation;
using Cairn.Testing.Simulation.Network;
using Xunit;

namespace Cairn.UnitTests.Cluster.RemoteDrives;

// Runs every case of the drive's contract against RemoteDrive: over connections in memory on real threads, over a
// simulated network without faults and over one that repeats and reorders every frame (three seeds each), and over
// sockets with a cluster secret, some also with certificates.
public sealed class RemoteDriveContractTests
{
    private static readonly Type[] Contracts =
    [
        typeof(DriveContract),
        typeof(DriveVersionContract),
        typeof(DriveShardContract),
        typeof(DriveListContract),
        typeof(DriveUpkeepContract),
    ];

    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (Type contract in Contracts)
            {
                foreach (string name in ContractSuite.CasesOf(contract))
                {
                    cases.Add(contract.Name, name);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task In_memory(string contract, string name)
    {
        MemoryTransport transport = new();
        TransportParts client = LinkEnds.Parts("client");
        NodeLink link = new(LinkEnds.Address, transport, client);
        await using RemoteDriveFixture fixture = await RemoteDriveFixture.StartAsync(
            await OsDriveFixture.StartAsync(), LinkEnds.Parts("server"), transport, link, client);
        await ContractSuite.RunAsync(ContractNamed(contract), name, fixture);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void On_a_simulated_network(string contract, string name) =>
        RunSimulated(contract, name, LinkQuality.Lan);

    [Theory]
    [MemberData(nameof(Cases))]
    public void On_a_network_that_repeats_and_reorders(string contract, string name) => RunSimulated(
        contract,
        name,
        new LinkQuality { IsDatagram = true, Duplication = 0.5, Jitter = TimeSpan.FromMilliseconds(20) });

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Over_sockets_with_a_secret(string contract, string name)
    {
        await using RemoteDriveFixture fixture = await TcpEnds.StartDriveAsync(
            await OsDriveFixture.StartAsync(), ClusterSecurity.WithSecret(TcpEnds.Secret));
        await ContractSuite.RunAsync(ContractNamed(contract), name, fixture);
    }

    [Theory]
    [InlineData(nameof(DriveShardContract), nameof(DriveShardContract.Writes_of_any_size_make_the_same_shard))]
    [InlineData(nameof(DriveContract), nameof(DriveContract.Everything_answered_is_there_after_a_reopening))]
    public async Task Over_sockets_with_certificates(string contract, string name)
    {
        using TestCertificates certificates = new();
        await using RemoteDriveFixture fixture = await TcpEnds.StartDriveAsync(
            await OsDriveFixture.StartAsync(), certificates.Security("node", "127.0.0.1"));
        await ContractSuite.RunAsync(ContractNamed(contract), name, fixture);
    }

    private static void RunSimulated(string contract, string name, LinkQuality quality)
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            World world = new(seed);
            world.Run(async () =>
            {
                SimNetwork network = new(world);
                network.Faults.Quality = quality;
                TransportParts parts = LinkEnds.Parts(world.Root);
                NodeLink link = new(LinkEnds.Address, network.TransportOf(world.Root, new NodeAddress("client", 1)), parts);
                await using RemoteDriveFixture fixture = await RemoteDriveFixture.StartAsync(
                    await SimDriveFixture.StartAsync(world), parts, network.Listen(LinkEnds.Address), link, parts);
                await ContractSuite.RunAsync(ContractNamed(contract), name, fixture);
            });
        }
    }

    private static Type ContractNamed(string name) => Contracts.Single(contract => contract.Name == name);
}
