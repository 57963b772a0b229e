namespace Cairn.Testing.Histories;

/// <summary>The steps of a key in an object store.</summary>
internal sealed class ObjectStep : IStep<KeyState>
{
    private readonly Func<KeyState, bool> _fits;
    private readonly Func<KeyState, KeyState> _next;

    private ObjectStep(
        Func<KeyState, bool> fits,
        Func<KeyState, KeyState> next,
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

    /// <summary>A put in an unversioned bucket, or a delete when the written state is absent.</summary>
    public static ObjectStep Write(ObjectState written)
    {
        KeyState next = KeyState.Only(written);
        return new(_ => true, _ => next, isBlind: true);
    }

    /// <summary>An unversioned write with If-None-Match: * that took effect.</summary>
    public static ObjectStep WriteIfAbsent(ObjectState written)
    {
        KeyState next = KeyState.Only(written);
        return new(s => s.Current.IsAbsent, _ => next);
    }

    /// <summary>An unversioned write or delete with If-Match that took effect.</summary>
    public static ObjectStep WriteIfContent(int content, ObjectState written)
    {
        KeyState next = KeyState.Only(written);
        return new(s => s.Current.Content == content, _ => next);
    }

    /// <summary>A put in a versioned bucket, or a delete marker. Versions take effect in the order of their births.</summary>
    public static ObjectStep AddVersion(KeyVersion version, VersionOrder order) =>
        AddVersion(version, order, _ => true);

    /// <summary>A put in a versioned bucket with If-None-Match: * that took effect.</summary>
    public static ObjectStep AddVersionIfAbsent(KeyVersion version, VersionOrder order) =>
        AddVersion(version, order, s => s.Current.IsAbsent);

    /// <summary>A put or delete in a versioned bucket with If-Match that took effect.</summary>
    public static ObjectStep AddVersionIfContent(int content, KeyVersion version, VersionOrder order) =>
        AddVersion(version, order, s => s.Current.Content == content);

    /// <summary>
    /// A write of a version whose client got no answer, and which somebody has seen since. It may take effect as asked; or
    /// late, below versions that were born after it, where its condition has nothing to say any more.
    /// </summary>
    public static ObjectStep AddUnanswered(KeyVersion version, VersionOrder order, ObjectStep asked) => new(
        s => order.PlaceOf(version.Write, s.Versions) > 0 || asked._fits(s),
        s => order.PlaceOf(version.Write, s.Versions) is > 0 and var place ? s.Insert(place, version) : asked._next(s),
        isPartial: true);

    /// <summary>The removal of one version by its id, whether it is still there or not.</summary>
    public static ObjectStep RemoveVersion(int write) => new(_ => true, s => s.Remove(write), isPartial: true);

    /// <summary>A read of everything; absent for "no such key".</summary>
    public static ObjectStep Observe(ObjectState seen) => Look(s => s.Current == seen);

    /// <summary>A read that shows only which bytes, as listings do; 0 for a key that is not there.</summary>
    public static ObjectStep ObserveContent(int content) => Look(s => s.Current.Content == content);

    /// <summary>A refusal that says: there is an object (0), or (for If-Match) not that one.</summary>
    public static ObjectStep ObserveNot(int content) => Look(s => s.Current.Content != content);

    /// <summary>All versions of the key at one moment: their bytes, newest first, 0 for a delete marker.</summary>
    public static ObjectStep ObserveVersions(IReadOnlyList<int> contents) =>
        Look(s => s.Versions.Select(v => v.Visible.Content).SequenceEqual(contents));

    /// <summary>A read of one version by its id; 0 when there is no such version any more.</summary>
    public static ObjectStep ObserveVersion(int write, int content) => Look(
        s => s.Versions.FirstOrDefault(v => v.Write == write).Visible.Content == content);

    /// <summary>A listing showed this version, or did not.</summary>
    public static ObjectStep ObserveListed(int write, bool isListed) =>
        Look(s => s.Versions.Any(v => v.Write == write) == isListed);

    /// <summary>New tags for what is there; the answer, if there was one, shows what the tags were put on.</summary>
    public static ObjectStep SetTags(int tags, ObjectState? seen) => new(
        s => !s.Current.IsAbsent && (seen is null
            || (s.Current.Content == seen.Value.Content && s.Current.Metadata == seen.Value.Metadata)),
        s => s.ReplaceCurrent(s.Current with { Tags = tags }),
        isPartial: true);

    public bool TryApply(KeyState state, out KeyState next)
    {
        bool fits = _fits(state);
        next = fits ? _next(state) : state;
        return fits;
    }

    private static ObjectStep AddVersion(KeyVersion version, VersionOrder order, Func<KeyState, bool> fits) => new(
        s => fits(s) && order.PlaceOf(version.Write, s.Versions) == 0, s => s.Add(version), isPartial: true);

    private static ObjectStep Look(Func<KeyState, bool> fits) => new(fits, s => s, isReadOnly: true);
}
