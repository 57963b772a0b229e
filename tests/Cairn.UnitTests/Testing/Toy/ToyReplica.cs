namespace Cairn.UnitTests.Testing.Toy;

/// <summary>One replica of the register. Version 0 stands for "absent" and is committed from the start.</summary>
internal sealed class ToyReplica(ToyMutation mutation)
{
    private readonly List<ToyVersion> _versions = [new ToyVersion(0, 0, true)];
    private long _promised;

    private long Top => _versions.Max(v => v.Ballot);

    public ToyReply Read() => new(true, 0, [.. _versions]);

    public ToyReply Accept(long ballot, int id)
    {
        int index = _versions.FindIndex(v => v.Id == id);
        long top = Top;
        if (index >= 0 && _versions[index].IsCommitted && _versions[index].Ballot == top && ballot >= _promised)
        {
            _promised = ballot;
            _versions[index] = _versions[index] with { Ballot = Math.Max(ballot, top) };
            return new ToyReply(true, 0, []);
        }

        bool isPromisedAway = ballot < _promised && mutation != ToyMutation.NoPromise;
        if (isPromisedAway || ballot < top || (ballot == top && index < 0))
        {
            return new ToyReply(false, Math.Max(_promised, top), []);
        }

        _promised = Math.Max(_promised, ballot);
        if (mutation == ToyMutation.DropOld)
        {
            _versions.Clear();
        }
        else if (index >= 0)
        {
            _versions.RemoveAt(index);
        }

        _versions.Add(new ToyVersion(id, ballot, false));
        return new ToyReply(true, 0, []);
    }

    public ToyReply Prepare(long ballot)
    {
        if (ballot <= _promised || ballot <= Top)
        {
            return new ToyReply(false, Math.Max(_promised, Top), []);
        }

        _promised = ballot;
        return Read();
    }

    public ToyReply Commit(long ballot, int id)
    {
        int index = _versions.FindIndex(v => v.Id == id);
        if (index >= 0)
        {
            ToyVersion committed = new(id, Math.Max(_versions[index].Ballot, ballot), true);
            _versions.RemoveAt(index);
            _versions.RemoveAll(v => v.Ballot <= committed.Ballot);
            _versions.Add(committed);
        }

        return new ToyReply(true, 0, []);
    }
}
