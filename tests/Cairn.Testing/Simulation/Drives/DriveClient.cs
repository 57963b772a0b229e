using System.Text;
using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Drives.Shards;
using Cairn.Primitives.Ids;

namespace Cairn.Testing.Simulation.Drives;

/// <summary>The only user of one register of a drive: knows exactly what the drive must answer, except for what is in doubt.</summary>
internal sealed class DriveClient
{
    private readonly DriveRun _run;
    private readonly World _world;
    private readonly SimRandom _random;
    private readonly RegisterKey _key;
    private readonly Dictionary<DataId, byte[]> _shards = [];
    private ModelRegister? _doubted;
    private Ballot _floor;

    public DriveClient(DriveRun run, int number)
    {
        _run = run;
        _world = run.World;
        Number = number;
        _random = SimRandom.Named(run.World.Seed, "drive client " + number);
        _key = RegisterKey.Of(RegisterSpace.Objects, DriveRun.Bucket, Encoding.ASCII.GetBytes("key" + number));
    }

    public int Number { get; }

    public ModelRegister Model { get; private set; } = new();

    public RegisterKey Key => _key;

    public async Task RunAsync(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            await _world.DelayAsync(_random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(_random.Pick([0, 1, 20]))));
            await StepAsync();
        }
    }

    /// <summary>Compares what the drive holds with what it must hold; settles what is in doubt.</summary>
    public async Task VerifyAsync()
    {
        // An operation that was cancelled may still be queued; the drive takes changes in order, so one more is a fence.
        DriveFault fence = DriveFault.Offline;
        if (_doubted is not null && (!await TryAsync(async drive => fence = await drive.CommitAsync(
            new CommitRequest(_key, VersionId.Null, Ballot.Zero, []), CancellationToken.None)) || fence != DriveFault.None))
        {
            return;
        }

        // What is in doubt must show: a tombstone below the current version is seen only by who asks for it.
        RegisterEntry? some = Model.Entries.FirstOrDefault(e => _doubted is { } doubted && !doubted.Entries.Contains(e))
            ?? (Model.Entries.Count == 0 ? null : _random.Pick(Model.Entries));
        DriveResult<RegisterView> read = default;
        if (!await TryAsync(async drive => read = await drive.ReadAsync(_key, some?.Slot, _random.Chance(0.5), CancellationToken.None))
            || !read.IsOk)
        {
            return;
        }

        string? contradiction = Model.Contradiction(read.Value, some?.Slot);
        if (contradiction is not null && _doubted is not null
            && _doubted.Contradiction(read.Value, some?.Slot) is null)
        {
            Model = _doubted;
            contradiction = null;
        }

        if (contradiction is not null)
        {
            string held = string.Join(", ", read.Value.Entries.Select(ModelRegister.Describe));
            throw _world.Fail(
                $"Register {Number} {contradiction}.\n{Model}\n"
                + $"  drive: promised {read.Value.Promised}, {held}; asked for {some?.Slot}");
        }

        if (_doubted is not null)
        {
            Tell("settled", Model.Promised, ReferenceEquals(Model, _doubted) ? "it had happened" : "nothing had happened");
        }

        _doubted = null;
        AssertInline(read.Value, some?.Slot);
        foreach (RegisterEntry entry in read.Value.Entries)
        {
            await VerifyShardsAsync(entry);
        }
    }

    /// <summary>Reads beside the changes, at any moment of them: the answer must be of one piece.</summary>
    public async Task LookOnAsync(Task work)
    {
        while (!work.IsCompleted)
        {
            await _world.DelayAsync(_random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(10)));
            VersionId? slot = Model.Entries.Count > 0 && _random.Chance(0.5) ? _random.Pick(Model.Entries).Slot : null;
            DriveResult<RegisterView> read = default;
            if (await TryAsync(async drive => read = await drive.ReadAsync(_key, slot, true, CancellationToken.None)) && read.IsOk)
            {
                AssertInline(read.Value, slot);
            }
        }
    }

    private void AssertInline(RegisterView view, VersionId? slot)
    {
        RegisterEntry? wanted = view.Entries.FirstOrDefault(e => !e.IsRemoved && (slot is null || e.Slot == slot));
        if (view.HasInline && (wanted is null || wanted.Data.Count == 0
            || !view.Inline.Span.SequenceEqual(_shards[wanted.Data[0]])))
        {
            throw _world.Fail($"Register {Number} comes with an inline shard that is not its own.");
        }
    }

    private async Task StepAsync()
    {
        if (_doubted is not null)
        {
            // A drive that failed a write says what is true only after it was opened again.
            await _run.AwaitHealthyAsync();
            await VerifyAsync();
            return;
        }

        switch (_random.PickWeighted([8, 5, 3, 8, 2, 5]))
        {
            case 0:
                await AcceptAsync(NewEntry(isRemoval: false), isFile: false);
                break;
            case 1:
                await AcceptFileAsync();
                break;
            case 2:
                await PrepareAsync();
                break;
            case 3:
                await CommitAsync();
                break;
            case 4:
                await RemoveAsync();
                break;
            default:
                await VerifyAsync();
                break;
        }
    }

    private Ballot NextBallot()
    {
        // Mostly above everything; sometimes below a promise, or below what the floor remembers of this register.
        Ballot limit = Model.Promised == Ballot.Zero ? _floor : Model.Promised;
        Ballot stale = limit with { Clock = limit.Clock - Math.Min(limit.Clock, (ulong)_random.Next(6)) };
        bool isTaken = stale.Clock == 0 || Model.Entries.Any(e => e.Ballot == stale);
        return _random.Chance(0.1) && !isTaken ? stale : new Ballot(_run.NextClock(), (ulong)Number + 1);
    }

    private RegisterEntry NewEntry(bool isRemoval)
    {
        Ballot ballot = NextBallot();
        RegisterEntry? old = Model.Entries.Count == 0 ? null : _random.Pick(Model.Entries);
        bool isNull = old is null || isRemoval ? old is null || old.Slot.IsNull : _random.Chance(0.4);
        bool reusesSlot = old is { Slot.IsNull: false } && !isNull && (isRemoval || _random.Chance(0.2));
        Ballot birth = reusesSlot ? old!.Birth : ballot;
        byte[] body = new byte[_random.Next(40)];
        _random.Fill(body);
        return new RegisterEntry
        {
            Slot = isNull ? VersionId.Null : new VersionId(birth),
            Birth = birth,
            Ballot = ballot,
            ExcludesYounger = ballot.Clock % 2 == 0,
            AloneSince = ballot.Clock % 3 == 0 ? old?.Ballot ?? Ballot.Zero : null,
            IsRemoved = isRemoval,
            ShardIndex = isRemoval ? (byte)0 : (byte)_random.Next(4),
            Body = isRemoval ? default : body,
            Data = isRemoval ? [] : ReusedData(old, reusesSlot),
        };
    }

    private DataId[] ReusedData(RegisterEntry? old, bool reusesSlot) =>
        reusesSlot && old!.Data.Count > 0 && _random.Chance(0.6) ? [.. old.Data] : [];

    private async Task AcceptFileAsync()
    {
        RegisterEntry entry = NewEntry(isRemoval: false);
        var written = new List<DataId>(entry.Data);
        for (int count = _random.Between(1, 2); count > 0; count--)
        {
            if (await WriteShardAsync() is not { } data)
            {
                return;
            }

            written.Add(data);
        }

        if (_random.Chance(0.15))
        {
            // Staged and given up: dropped, or forgotten for the next start to sweep.
            if (_random.Chance(0.5))
            {
                await TryAsync(async drive => await drive.DropShardAsync(written[^1], CancellationToken.None));
            }

            return;
        }

        await AcceptAsync(entry with { Data = written }, isFile: true);
    }

    private async Task<DataId?> WriteShardAsync()
    {
        var data = new DataId(_random.NextUInt64() >> 40, _random.NextUInt64());
        byte[] bytes = new byte[_random.Pick([0, 1, 500, 4_000, 70_000])];
        _random.Fill(bytes);
        bool isSealed = false;
        await TryAsync(async drive =>
        {
            DriveResult<IShardWriter> created = await drive.CreateShardAsync(data, 0, CancellationToken.None);
            if (!created.IsOk)
            {
                return;
            }

            await using IShardWriter writer = created.Value;
            for (int position = 0; position < bytes.Length;)
            {
                byte[] piece = bytes.AsSpan(position, Math.Min(bytes.Length - position, _random.Between(1, 40_000))).ToArray();
                position += piece.Length;
                if (await writer.WriteAsync(piece, CancellationToken.None) != DriveFault.None)
                {
                    return;
                }

                // The caller may reuse the buffer now.
                piece.AsSpan().Clear();
            }

            isSealed = _random.Chance(0.95) && await writer.SealAsync(CancellationToken.None) == DriveFault.None;
        });
        _shards[data] = bytes;
        return isSealed ? data : null;
    }

    private async Task AcceptAsync(RegisterEntry entry, bool isFile)
    {
        byte[] inline = [];
        bool hasInline = !isFile && !entry.IsRemoved && entry.Data.Count == 0 && _random.Chance(0.8);
        if (hasInline)
        {
            var data = new DataId(_random.NextUInt64() >> 40, _random.NextUInt64());
            inline = new byte[_random.Next(300)];
            _random.Fill(inline);
            _shards[data] = [.. inline];
            entry = entry with { Data = [data] };
        }

        ModelRegister? after = Model.Accept(entry, _floor);
        _doubted = after;
        DriveResult<AcceptReply> reply = default;
        using var patience = new CancellationTokenSource();
        bool isAnswered = await TryAsync(async drive =>
        {
            ValueTask<DriveResult<AcceptReply>> call = drive.AcceptAsync(
                new AcceptRequest(_key, entry, inline, hasInline), patience.Token);
            if (_random.Chance(0.05))
            {
                patience.Cancel();
            }

            reply = await call;
        });
        // Whatever became of the call, the buffer is the caller's again.
        inline.AsSpan().Fill(0xEE);
        Tell("accept", entry.Ballot, isAnswered ? reply.Fault.ToString() : "no answer");
        if (!isAnswered || !reply.IsOk)
        {
            return;
        }

        _doubted = null;
        if (!reply.Value.IsAccepted && IsBelowFloor(reply.Value.Highest, entry.Ballot))
        {
            return;
        }

        if (reply.Value.IsAccepted != after is not null)
        {
            string verb = after is null ? "accepts" : "refuses";
            throw _world.Fail(
                $"Register {Number} {verb} {ModelRegister.Describe(entry)}; it answers {reply.Value}.\n{Model}");
        }

        Model = after ?? Model;
    }

    private async Task PrepareAsync()
    {
        Ballot ballot = NextBallot();
        ModelRegister? after = Model.Prepare(ballot, _floor);
        _doubted = after;
        DriveResult<PrepareReply> reply = default;
        if (!await TryAsync(async drive => reply = await drive.PrepareAsync(_key, ballot, null, CancellationToken.None))
            || !reply.IsOk)
        {
            return;
        }

        _doubted = null;
        if (!reply.Value.IsPromised && IsBelowFloor(reply.Value.Highest, ballot))
        {
            return;
        }

        if (reply.Value.IsPromised != after is not null)
        {
            throw _world.Fail($"Register {Number} {(after is null ? "promises" : "refuses to promise")} {ballot}.");
        }

        Model = after ?? Model;
        if (reply.Value.View is { } view && Model.Contradiction(view, null) is { } contradiction)
        {
            throw _world.Fail($"Register {Number}, at a promise, {contradiction}.");
        }
    }

    private async Task CommitAsync()
    {
        if (Model.Entries.Count == 0)
        {
            return;
        }

        RegisterEntry entry = _random.Pick(Model.Entries);
        if (Model.Entries.Any(e => e.Slot == entry.Slot && e.Ballot > entry.Ballot && e.IsCommitted))
        {
            // The protocol never commits below a commit: the higher ballot was given in the knowledge of the lower one.
            return;
        }

        Ballot ballot = _random.Chance(0.05) ? NextBallot() : entry.Ballot;
        await ChangeAsync(
            Model.Commit(entry.Slot, ballot),
            drive => drive.CommitAsync(new CommitRequest(_key, entry.Slot, ballot, []), CancellationToken.None));
    }

    private async Task RemoveAsync()
    {
        if (Model.Entries.FirstOrDefault(e => e.IsRemoved && e.IsCommitted) is { } tombstone && _random.Chance(0.7))
        {
            (ModelRegister next, Ballot floor) = Model.Forget(tombstone.Slot, tombstone.Ballot);
            _floor = floor > _floor ? floor : _floor;
            await ChangeAsync(
                next, drive => drive.ForgetAsync(_key, tombstone.Slot, tombstone.Ballot, CancellationToken.None));
            return;
        }

        if (Model.Entries.Count > 0)
        {
            await AcceptAsync(NewEntry(isRemoval: true), isFile: false);
        }
    }

    private async Task ChangeAsync(ModelRegister after, Func<IDrive, ValueTask<DriveFault>> change)
    {
        _doubted = after;
        DriveFault fault = DriveFault.Offline;
        bool isAnswered = await TryAsync(async drive => fault = await change(drive));
        Tell("change", after.Promised, isAnswered ? fault.ToString() : "no answer");
        if (isAnswered && fault == DriveFault.None)
        {
            _doubted = null;
            Model = after;
        }
    }

    private async Task VerifyShardsAsync(RegisterEntry entry)
    {
        foreach (DataId data in entry.Data)
        {
            await TryAsync(async drive =>
            {
                DriveResult<IShardReader> opened = await drive.OpenShardAsync(data, CancellationToken.None);
                if (!opened.IsOk)
                {
                    AssertExcused(opened.Fault, data);
                    return;
                }

                await using IShardReader reader = opened.Value;
                byte[] expected = _shards[data];
                int offset = _random.Next(expected.Length + 1);
                byte[] buffer = new byte[expected.Length - offset];
                DriveResult<int> read = await reader.ReadAsync(offset, buffer, CancellationToken.None);
                if (!read.IsOk)
                {
                    AssertExcused(read.Fault, data);
                }
                else if (read.Value != buffer.Length || reader.Length != expected.Length
                    || !buffer.AsSpan().SequenceEqual(expected.AsSpan(offset)))
                {
                    throw _world.Fail($"Register {Number}: shard {data} has other bytes than were written.");
                }
            });
        }
    }

    private void AssertExcused(DriveFault fault, DataId data)
    {
        if (fault is DriveFault.NotFound or DriveFault.Corrupt || !_run.HasFaults)
        {
            throw _world.Fail($"Register {Number}: shard {data} of an entry cannot be read: {fault}.");
        }
    }

    // Another register that was forgotten in the meantime has raised the floor, which stands for all that have no row.
    private bool IsBelowFloor(Ballot highest, Ballot ballot) =>
        Model.IsNew && highest >= ballot && highest.Incarnation != ballot.Incarnation;

    private void Tell(string what, Ballot ballot, string outcome) =>
        _world.Record("client " + Number, what, outcome, (long)ballot.Clock);

    private async Task<bool> TryAsync(Func<IDrive, Task> call)
    {
        try
        {
            await _run.CallAsync(call);
            return true;
        }
        catch (Exception e) when (e is ProcessKilledException or OperationCanceledException)
        {
            return false;
        }
    }
}
