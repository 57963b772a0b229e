using Cairn.Objects.Quorum;
using Cairn.UnitTests.Objects.Commit;
using Xunit;

namespace Cairn.UnitTests.Objects.Quorum;

public sealed class ClientTimeTests
{
    [Fact]
    public void Only_time_in_which_somebody_is_served_counts_and_it_counts_once() => QuorumFixture.Run(
        1,
        async store =>
        {
            ClientTime clients = store.Engine.Clients;
            await store.DelayAsync(TimeSpan.FromSeconds(1));
            Assert.Equal(TimeSpan.Zero, clients.Served);
            using (clients.Enter())
            {
                await store.DelayAsync(TimeSpan.FromSeconds(2));
                using (clients.Enter())
                {
                    await store.DelayAsync(TimeSpan.FromSeconds(4));
                }

                Assert.Equal(TimeSpan.FromSeconds(6), clients.Served);
            }

            await store.DelayAsync(TimeSpan.FromSeconds(8));
            Assert.Equal(TimeSpan.FromSeconds(6), clients.Served);
        },
        seeds: 1);
}
