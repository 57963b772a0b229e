using System.Collections.Immutable;

namespace Cairn.Testing.Histories;

/// <summary>All versions of a key, newest first. An unversioned key has at most one.</summary>
internal readonly struct KeyState : IEquatable<KeyState>
{
    private readonly ImmutableArray<KeyVersion> _versions;

    private KeyState(ImmutableArray<KeyVersion> versions) => _versions = versions;

    public static KeyState Empty { get; } = new([]);

    public ImmutableArray<KeyVersion> Versions => _versions.IsDefault ? [] : _versions;

    /// <summary>What a reader of the key sees.</summary>
    public ObjectState Current => Versions.IsEmpty ? ObjectState.Absent : Versions[0].Visible;

    /// <summary>The only version from now on; nothing at all when absent.</summary>
    public static KeyState Only(ObjectState state) =>
        state.IsAbsent ? Empty : new KeyState([new KeyVersion(state.Content, state)]);

    public KeyState Add(KeyVersion version) => new(Versions.Insert(0, version));

    public KeyState Insert(int place, KeyVersion version) => new(Versions.Insert(place, version));

    public KeyState Remove(int write) => new(Versions.RemoveAll(v => v.Write == write));

    public KeyState ReplaceCurrent(ObjectState state) =>
        new(Versions.SetItem(0, Versions[0] with { Visible = state }));

    public bool Equals(KeyState other) => Versions.AsSpan().SequenceEqual(other.Versions.AsSpan());

    public override bool Equals(object? obj) => obj is KeyState other && Equals(other);

    public override int GetHashCode()
    {
        int hash = 17;
        foreach (KeyVersion version in Versions)
        {
            hash = (hash * 31) + (version.Write * 7) + version.Visible.Content + (version.Visible.Tags << 16)
                + (version.Visible.Metadata << 8);
        }

        return hash;
    }

    public override string ToString() => Versions.Length < 2
        ? Current.ToString()
        : string.Join(" over ", Versions.Select(v => $"({v.Visible})"));
}
