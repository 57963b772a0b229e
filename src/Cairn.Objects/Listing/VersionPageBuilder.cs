using System.Text;
using Cairn.Drives.Registers;
using Cairn.Objects.Commit;
using Cairn.Objects.Records;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;

namespace Cairn.Objects.Listing;

/// <summary>Collects rows into a page of versions and common prefixes.</summary>
/// <remarks>
/// A key's versions may be cut anywhere by a page or by a read. What tells which one is the current version therefore
/// outlives the row: it is the first value of a key that is read from its start, or what the register said.
/// </remarks>
internal sealed class VersionPageBuilder(ListRequest request, int limit, bool isVersioned)
{
    private readonly List<ObjectDescription> _versions = new(Math.Min(limit, ListLimits.WalkEntries));
    private readonly List<string> _prefixes = [];
    private ReadOnlyMemory<byte> _lastPrefix;
    private ReadOnlyMemory<byte> _resumed;
    private VersionId? _resumedLatest;
    private string? _lastKey;
    private VersionId? _lastVersion;

    /// <summary>Something lies behind the page.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>The name to read on from; null: there is none.</summary>
    public byte[]? NextName { get; private set; }

    /// <summary>Of the register named NextName, only versions born before.</summary>
    public Ballot? OlderThan { get; private set; }

    public void StartBehind(byte[] name) => NextName = name;

    /// <summary>Goes on inside a key.</summary>
    /// <param name="name">The key.</param>
    /// <param name="olderThan">Null: from its newest version.</param>
    /// <param name="latest">Its current version.</param>
    public void ResumeInside(ReadOnlyMemory<byte> name, Ballot? olderThan, VersionId? latest)
    {
        NextName = name.ToArray();
        OlderThan = olderThan;
        _resumed = olderThan is null ? default : name;
        _resumedLatest = latest;
    }

    public void Add(RegisterRow row)
    {
        int rolled = ListStart.CommonPrefixSize(request.Prefix.Span, request.Delimiter.Span, row.Name.Span);
        if (rolled > 0)
        {
            AddPrefix(row.Name[..rolled]);
            return;
        }

        bool isResumed = !_resumed.IsEmpty && _resumed.Span.SequenceEqual(row.Name.Span);
        VersionId? latest = isResumed ? _resumedLatest : row.Values[0].Slot;
        string key = Encoding.UTF8.GetString(row.Name.Span);
        foreach (RegisterValue value in row.Values)
        {
            if (!TryTake())
            {
                return;
            }

            VersionHead head = VersionRecordCodec.DecodeHead(value.Body.Span);
            _versions.Add(
                Descriptions.OfRow(key, value, head, isVersioned) with { IsLatest = value.Slot == latest });
            _lastKey = key;
            _lastVersion = value.Slot;
        }

        if (row.IsCut)
        {
            ResumeInside(row.Name, row.Values[^1].Birth, latest);
        }
        else
        {
            NextName = RegisterNames.After(row.Name.Span);
            OlderThan = null;
            _resumed = default;
        }
    }

    public VersionPage Build() => IsTruncated
        ? new VersionPage(_versions, _prefixes, _lastKey, _lastVersion)
        : new VersionPage(_versions, _prefixes, null, null);

    private void AddPrefix(ReadOnlyMemory<byte> prefix)
    {
        if (!_lastPrefix.IsEmpty && _lastPrefix.Span.SequenceEqual(prefix.Span))
        {
            return;
        }

        if (TryTake())
        {
            _lastPrefix = prefix;
            _lastKey = Encoding.UTF8.GetString(prefix.Span);
            _lastVersion = null;
            _prefixes.Add(_lastKey);
        }

        NextName = RegisterNames.Behind(prefix.Span);
        OlderThan = null;
        _resumed = default;
    }

    private bool TryTake()
    {
        IsTruncated = _versions.Count + _prefixes.Count == limit;
        return !IsTruncated;
    }
}
