using Cairn.Testing.Drives;
using Cairn.Testing.Simulation;
using Xunit;

namespace Cairn.UnitTests.Drives;

// Runs every case of the index contract against both indexes, so that the simulated one may stand in for RocksDB.
public sealed class DriveIndexContractTests
{
    public static TheoryData<string> Cases => [.. ContractSuite.CasesOf(typeof(DriveIndexContract))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void On_a_simulated_disk(string name)
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            World world = new(seed);
            world.Run(async () =>
            {
                await using SimIndexFixture fixture = await SimIndexFixture.StartAsync(world);
                await ContractSuite.RunAsync(typeof(DriveIndexContract), name, fixture);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task On_rocksdb(string name)
    {
        await using RocksDbIndexFixture fixture = await RocksDbIndexFixture.StartAsync();
        await ContractSuite.RunAsync(typeof(DriveIndexContract), name, fixture);
    }
}
