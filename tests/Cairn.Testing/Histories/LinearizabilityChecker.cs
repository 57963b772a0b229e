using System.Runtime.InteropServices;
using System.Text;

namespace Cairn.Testing.Histories;

/// <summary>Decides whether one key's history is linearizable.</summary>
/// <remarks>
/// Purpose: find an order of the operations that respects real time (what ended before another began comes first) and
/// explains every answer; operations with unknown outcome may be left out or placed anywhere after their start.
/// Method: depth-first search over the operations that may come next, with a memory of the configurations (set of done
/// operations, state) that led nowhere. Three reductions keep it small. (1) An operation that may come next, fits and
/// changes nothing is taken at once: taking it later never helps. (2) An operation of unknown outcome is only taken
/// directly before one that does not fit without it: an effect that nobody sees may as well not have happened. (3) What led
/// nowhere leads nowhere either when more operations of unknown outcome are used up already.
/// What it does not check: anything across keys; each key is a register of its own.
/// See: Wing and Gong, "Testing and Verifying Concurrent Objects", 1993; Lowe, "Testing for Linearizability", 2017.
/// The reductions are additions; they rest on blind steps ignoring the state and partial ones being marked.
/// </remarks>
internal sealed class LinearizabilityChecker<TState>
    where TState : struct, IEquatable<TState>
{
    private const int ConfigurationLimit = 2_000_000;

    // Operations of unknown outcome beyond these are told apart, but not compared as sets.
    private const int UsedSetSize = 128;

    private readonly Operation<TState>[] _certain;
    private readonly Operation<TState>[] _unknown;
    private readonly bool[] _isDone;
    private readonly bool[] _isUsed;
    private readonly UInt128[] _keys;
    private readonly Dictionary<(UInt128 Done, TState State), List<UInt128>> _deadEnds = [];
    private readonly List<Operation<TState>> _order = [];
    private List<Operation<TState>> _longest = [];
    private TState _longestState;
    private int _firstOpen;
    private UInt128 _doneKey;
    private UInt128 _usedSet;
    private int _configurations;

    private LinearizabilityChecker(IEnumerable<Operation<TState>> history)
    {
        List<Operation<TState>> sorted = [.. history.OrderBy(o => o.Start)];
        _certain = [.. sorted.Where(o => o.IsCertain)];
        _unknown = [.. sorted.Where(o => !o.IsCertain && !o.Step.IsReadOnly)];
        _isDone = new bool[_certain.Length];
        _isUsed = new bool[_unknown.Length];
        _keys = new UInt128[sorted.Count];
        var random = new Simulation.SimRandom(1);
        for (int i = 0; i < _keys.Length; i++)
        {
            _keys[i] = new UInt128(random.NextUInt64(), random.NextUInt64());
        }
    }

    public static Verdict Check(IEnumerable<Operation<TState>> history, TState initial)
    {
        var checker = new LinearizabilityChecker<TState>(history);
        return checker.Search(initial)
            ? Verdict.Good
            : checker._configurations >= ConfigurationLimit
                ? new Verdict(VerdictOutcome.Inconclusive, "Too many configurations.")
                : new Verdict(VerdictOutcome.Violated, checker.Explain());
    }

    private bool Search(TState state)
    {
        int orderBefore = _order.Count;
        List<int>? absorbed = AbsorbReads(state);
        bool found = IsComplete() || Branch(state);
        if (!found)
        {
            Remember(state);
            absorbed?.ForEach(Undo);
            _order.RemoveRange(orderBefore, _order.Count - orderBefore);
        }

        return found;
    }

    private bool Branch(TState state)
    {
        if (_configurations >= ConfigurationLimit || IsDeadEnd(state))
        {
            return false;
        }

        long horizon = Horizon();
        for (int i = _firstOpen; i < _certain.Length && _certain[i].Start < horizon; i++)
        {
            if (_isDone[i])
            {
                continue;
            }

            IStep<TState> step = _certain[i].Step;
            bool fits = step.TryApply(state, out TState next);
            if (fits && Take(i, next))
            {
                return true;
            }

            if ((!fits || step.IsPartial) && !step.IsBlind && TakeWithUnknown(i, state, horizon, isFirst: true))
            {
                return true;
            }
        }

        return false;
    }

    private bool Take(int index, TState next)
    {
        Do(index);
        _order.Add(_certain[index]);
        if (Search(next))
        {
            return true;
        }

        _order.RemoveAt(_order.Count - 1);
        Undo(index);
        return false;
    }

    // A chain of unknown operations that ends in one that fits: its first may be any, and each later one must care for
    // the state it finds, or the one before it would be in vain.
    private bool TakeWithUnknown(int index, TState state, long horizon, bool isFirst)
    {
        for (int u = 0; u < _unknown.Length && _unknown[u].Start < horizon; u++)
        {
            IStep<TState> step = _unknown[u].Step;
            if (_isUsed[u] || (!isFirst && step.IsBlind) || !step.TryApply(state, out TState next) || next.Equals(state))
            {
                // One that changes nothing explains nothing.
                continue;
            }

            // Chains count as well, or a long one would be sought for ever.
            if (++_configurations >= ConfigurationLimit)
            {
                return false;
            }

            Use(u, true);
            _order.Add(_unknown[u]);
            bool fits = _certain[index].Step.TryApply(next, out TState after);
            if ((fits && Take(index, after)) || TakeWithUnknown(index, next, horizon, isFirst: false))
            {
                return true;
            }

            _order.RemoveAt(_order.Count - 1);
            Use(u, false);
        }

        return false;
    }

    private void Use(int unknown, bool isUsed)
    {
        _isUsed[unknown] = isUsed;
        if (unknown < UsedSetSize)
        {
            _usedSet ^= UInt128.One << unknown;
        }
        else
        {
            _doneKey ^= _keys[_certain.Length + unknown];
        }
    }

    /// <summary>Whether it was here before with as much left to use; notes that it was, since it only returns in vain.</summary>
    private bool IsDeadEnd(TState state)
    {
        ref List<UInt128>? used = ref CollectionsMarshal.GetValueRefOrAddDefault(_deadEnds, (_doneKey, state), out _);
        used ??= [];
        foreach (UInt128 set in used)
        {
            if ((set & ~_usedSet) == 0)
            {
                return true;
            }
        }

        used.RemoveAll(set => (_usedSet & ~set) == 0);
        used.Add(_usedSet);
        _configurations++;
        return false;
    }

    private List<int>? AbsorbReads(TState state)
    {
        List<int>? absorbed = null;
        bool isChanged = true;
        while (isChanged)
        {
            isChanged = false;
            long horizon = Horizon();
            for (int i = _firstOpen; i < _certain.Length && _certain[i].Start < horizon; i++)
            {
                if (!_isDone[i] && _certain[i].Step.IsReadOnly && _certain[i].Step.TryApply(state, out _))
                {
                    Do(i);
                    _order.Add(_certain[i]);
                    (absorbed ??= []).Add(i);
                    isChanged = true;
                }
            }
        }

        return absorbed;
    }

    /// <summary>Nothing may come next that began after an open operation had ended.</summary>
    private long Horizon()
    {
        long horizon = long.MaxValue;
        for (int i = _firstOpen; i < _certain.Length && _certain[i].Start < horizon; i++)
        {
            if (!_isDone[i])
            {
                horizon = Math.Min(horizon, _certain[i].End);
            }
        }

        return horizon;
    }

    private bool IsComplete() => _firstOpen == _certain.Length;

    private void Do(int index)
    {
        _isDone[index] = true;
        _doneKey ^= _keys[index];
        while (_firstOpen < _certain.Length && _isDone[_firstOpen])
        {
            _firstOpen++;
        }
    }

    private void Undo(int index)
    {
        _isDone[index] = false;
        _doneKey ^= _keys[index];
        _firstOpen = Math.Min(_firstOpen, index);
    }

    private void Remember(TState state)
    {
        if (_order.Count > _longest.Count || _longest.Count == 0)
        {
            _longest = [.. _order];
            _longestState = state;
        }
    }

    private string Explain()
    {
        var text = new StringBuilder("No order explains the answers. The longest one found ends with:\n");
        foreach (Operation<TState> done in _longest.TakeLast(25))
        {
            text.Append("    ").Append(done).Append('\n');
        }

        text.Append("  leaves the state ").Append(_longestState).Append(" and cannot go on with any of:\n");
        var rest = _certain.Except(_longest).ToList();
        long horizon = rest.Count == 0 ? 0 : rest.Min(o => o.End);
        foreach (Operation<TState> open in rest.Where(o => o.Start < horizon).Take(12))
        {
            text.Append("    ").Append(open).Append('\n');
        }

        text.Append("  with these of unknown outcome:\n");
        foreach (Operation<TState> open in _unknown.Except(_longest).Where(o => o.Start < horizon).Take(12))
        {
            text.Append("    ").Append(open).Append('\n');
        }

        return text.ToString();
    }
}
