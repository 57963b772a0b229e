namespace Cairn.Testing.Histories;

/// <summary>What an operation does to the state of its key, if it takes effect now.</summary>
internal interface IStep<TState>
{
    /// <summary>The outcome that the client saw does not depend on the state, nor does the state it leaves.</summary>
    bool IsBlind { get; }

    /// <summary>Leaves the state as it is.</summary>
    bool IsReadOnly { get; }

    /// <summary>Changes part of the state and keeps parts that its client did not see.</summary>
    bool IsPartial { get; }

    /// <summary>Whether the outcome is possible in the state, and the state afterwards.</summary>
    bool TryApply(TState state, out TState next);
}
