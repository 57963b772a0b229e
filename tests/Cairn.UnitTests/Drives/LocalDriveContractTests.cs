using Cairn.Testing.Drives;
using Cairn.Testing.Simulation;
using Xunit;

namespace Cairn.UnitTests.Drives;

// Runs every case of the drive's contract against LocalDrive, once on a simulated disk (three seeds, so that the
// interleavings differ) and once on RocksDB and real files.
public sealed class LocalDriveContractTests
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
    public void On_a_simulated_disk(string contract, string name)
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            World world = new(seed);
            world.Run(async () =>
            {
                await using SimDriveFixture fixture = await SimDriveFixture.StartAsync(world);
                await ContractSuite.RunAsync(ContractNamed(contract), name, fixture);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task On_rocksdb_and_files(string contract, string name)
    {
        await using OsDriveFixture fixture = await OsDriveFixture.StartAsync();
        await ContractSuite.RunAsync(ContractNamed(contract), name, fixture);
    }

    private static Type ContractNamed(string name) => Contracts.Single(contract => contract.Name == name);
}
