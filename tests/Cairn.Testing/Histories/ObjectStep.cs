namespace Cairn.Testing.Histories;

/// <summary>The steps of a key in an object store.</summary>
internal sealed class ObjectStep : IStep<ObjectState>
{
    private readonly Func<ObjectState, bool> _fits;
    private readonly Func<ObjectState, ObjectState> _next;

    private ObjectStep(
        Func<ObjectState, bool> fits,
        Func<ObjectState, ObjectState> next,
        bool isBlind = false,
        bool isReadOnly = false,
        bool isPartial = false)
    {
        _fits = fits;
        _next = next;
        IsBlind = isBlind;
        IsReadOnly = isReadOnly;
        IsPartial = isPartial;
    }

    public bool IsBlind { get; }

    public bool IsReadOnly { get; }

    public bool IsPartial { get; }

    /// <summary>A put, or a delete when the written state is absent.</summary>
    public static ObjectStep Write(ObjectState written) => new(_ => true, _ => written, isBlind: true);

    /// <summary>A write with If-None-Match: * that took effect.</summary>
    public static ObjectStep WriteIfAbsent(ObjectState written) => new(s => s.IsAbsent, _ => written);

    /// <summary>A write with If-Match that took effect.</summary>
    public static ObjectStep WriteIfContent(int content, ObjectState written) =>
        new(s => s.Content == content, _ => written);

    /// <summary>A read of everything; absent for "no such key".</summary>
    public static ObjectStep Observe(ObjectState seen) => new(s => s == seen, s => s, isReadOnly: true);

    /// <summary>A read that shows only which bytes, as listings do; 0 for a key that is not there.</summary>
    public static ObjectStep ObserveContent(int content) =>
        new(s => s.Content == content, s => s, isReadOnly: true);

    /// <summary>A refusal that says: there is an object, or (for If-Match) not that one.</summary>
    public static ObjectStep ObserveNot(int content) =>
        new(s => s.Content != content, s => s, isReadOnly: true);

    /// <summary>New tags for what is there; the answer, if there was one, shows what the tags were put on.</summary>
    public static ObjectStep SetTags(int tags, ObjectState? seen) => new(
        s => !s.IsAbsent && (seen is null || (s.Content == seen.Value.Content && s.Metadata == seen.Value.Metadata)),
        s => s with { Tags = tags },
        isPartial: seen is null);

    /// <summary>New metadata for the bytes that are there (a copy of a key onto itself). Tags stay.</summary>
    public static ObjectStep SetMetadata(int metadata, int? seenContent) => new(
        s => !s.IsAbsent && (seenContent is null || s.Content == seenContent),
        s => s with { Metadata = metadata },
        isPartial: true);

    public bool TryApply(ObjectState state, out ObjectState next)
    {
        bool fits = _fits(state);
        next = fits ? _next(state) : state;
        return fits;
    }
}
