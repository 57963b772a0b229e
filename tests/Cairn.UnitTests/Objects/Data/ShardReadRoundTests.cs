using System.Collections;
using Cairn.Drives;
using Cairn.Objects.Data;
using Cairn.Objects.Partitions;
using Cairn.Objects.Quorum;
using Cairn.Primitives.Ids;
using Cairn.UnitTests.Objects.Commit;
using Xunit;

namespace Cairn.UnitTests.Objects.Data;

// Drives are asked outside the round's lock, one after the other. The first one asked is made to decide the round before
// the second one is: by then the caller has used the run and given its memory back.
public sealed class ShardReadRoundTests
{
    [Fact]
    public void A_drive_asked_after_the_round_was_decided_gets_no_memory() => QuorumFixture.Run(4, async store =>
    {
        var key = QuorumFixture.Key("a");
        Partition partition = store.Engine.PartitionOf(key);
        DataPiece piece = new(new DataId(1, 1), 200, new ErasureCode(2, 2));
        StripeRun run = new(offset: 0, length: 100, piece.Code.Total);
        ShardReadRound? round = null;
        List<int> asked = [];
        WatchedShards inline = new(position =>
        {
            asked.Add(position);
            if (position == 1)
            {
                round!.OnTime(TimeSpan.FromHours(1));
                run.Dispose();
            }
        });
        await using PieceShards shards = new(store.Engine, partition, piece, inline);
        round = new ShardReadRound(
            partition, store.Engine, shards, run, PositionSet.Of(0), PositionSet.First(3) - PositionSet.Of(0));
        round.Start();
        Assert.True(round.IsDecided);
        Assert.False(round.IsServed);
        Assert.Equal([1], asked);
        Assert.Equal(DriveFault.Timeout, round.Replies[2].Fault);
        Assert.False(run.TryAddHolder());
    });

    private sealed class WatchedShards(Action<int> onAsked) : IReadOnlyList<ReadOnlyMemory<byte>?>
    {
        public int Count => 4;

        public ReadOnlyMemory<byte>? this[int index]
        {
            get
            {
                onAsked(index);
                return new byte[100];
            }
        }

        public IEnumerator<ReadOnlyMemory<byte>?> GetEnumerator() => throw new NotSupportedException();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
