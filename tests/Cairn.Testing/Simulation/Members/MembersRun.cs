using Cairn.Testing.Simulation.Network;

namespace Cairn.Testing.Simulation.Members;

/// <summary>Random histories of a membership: everything that can happen to nodes and links, then peace, then agreement.</summary>
/// <remarks>
/// What must hold at the end of every seed: all nodes that are up know the same of each other within a bound. Not
/// checked: what nodes believe while the faults last; the named scenarios do.
/// </remarks>
internal static class MembersRun
{
    private const int Strikes = 25;
    private static readonly TimeSpan LongestCalm = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AgreementBound = TimeSpan.FromSeconds(30);

    /// <summary>Runs one seed.</summary>
    /// <exception cref="SimulationFailure">They do not agree.</exception>
    public static void Run(World world)
    {
        int count = world.Random.Between(2, 7);
        var members = new SimMembers(world, count);
        world.Run(async () =>
        {
            await members.StartAllAsync();
            for (int i = 0; i < Strikes; i++)
            {
                await StrikeAsync(members);
                await world.DelayAsync(world.Random.Between(TimeSpan.Zero, LongestCalm));
            }

            await PacifyAsync(members);
            await members.AwaitAsync("all agree again", AgreementBound, members.Agree);
        });
    }

    private static async Task PacifyAsync(SimMembers members)
    {
        members.Faults.Clear();
        foreach (SimMember member in members.All)
        {
            if (member.Process.IsPaused)
            {
                member.Process.Resume();
            }

            if (!member.IsUp)
            {
                await member.StartAsync();
            }
        }
    }

    private static async Task StrikeAsync(SimMembers members)
    {
        SimRandom random = members.World.Random;
        SimMember victim = random.Pick(members.All);
        string other = random.Pick(members.All).Address;
        bool runs = victim.IsUp && !victim.Process.IsPaused;
        switch (random.Next(11))
        {
            case 0 when runs:
                victim.Kill();
                break;
            case 1 when runs:
                await victim.LeaveAsync();
                break;
            case 2 or 3 when !victim.IsUp:
                await victim.StartAsync();
                break;
            case 4 when runs:
                victim.Process.Pause();
                break;
            case 5 or 6 when victim.Process.IsPaused:
                victim.Process.Resume();
                break;
            case 7:
                members.Faults.Cut(victim.Address, other);
                break;
            case 8:
                members.Faults.SetQuality(victim.Address, other, RandomQuality(random));
                break;
            case 9:
                members.Faults.Quality = random.Chance(0.5) ? LinkQuality.Lan : RandomQuality(random);
                break;
            case 10 when runs:
                await victim.SetMetadataAsync((byte)random.Next(256), (byte)random.Next(256));
                break;
        }
    }

    private static LinkQuality RandomQuality(SimRandom random) => new()
    {
        Jitter = random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(300)),
        Loss = random.NextDouble() / 2,
        Duplication = random.NextDouble() / 4,
        Detour = random.NextDouble() / 4,
    };
}
