using System.Text;
using Cairn.Drives.Registers;
using Cairn.Objects.Commit;
using Cairn.Objects.Records;
using Cairn.Objects.Versions;

namespace Cairn.Objects.Listing;

/// <summary>Collects rows into a page of objects and common prefixes.</summary>
internal sealed class ObjectPageBuilder(ListRequest request, int limit, bool isVersioned)
{
    private readonly List<ObjectDescription> _objects = new(Math.Min(limit, ListLimits.WalkEntries));
    private readonly List<string> _prefixes = [];
    private ReadOnlyMemory<byte> _lastPrefix;
    private ReadOnlyMemory<byte> _passed;
    private bool _isPrefixPassed;
    private string? _last;

    /// <summary>Something lies behind the page.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>The row stands for a common prefix, but being a delete marker it does not prove an object in it.</summary>
    public bool IsHiddenPrefix(RegisterRow row) =>
        !request.Delimiter.IsEmpty
        && PrefixSize(row) > 0
        && VersionRecordCodec.DecodeHead(row.Values[0].Body.Span).IsDeleteMarker;

    public ReadOnlyMemory<byte> CommonPrefixOf(RegisterRow row) => row.Name[..PrefixSize(row)];

    /// <summary>Takes a row in; when the page is full, notes that there was one more.</summary>
    public void Add(RegisterRow row)
    {
        int rolled = PrefixSize(row);
        if (rolled > 0)
        {
            AddPrefix(row.Name[..rolled]);
            return;
        }

        RegisterValue value = row.Values[0];
        VersionHead head = VersionRecordCodec.DecodeHead(value.Body.Span);
        if (!head.IsDeleteMarker && TryTake())
        {
            _last = Encoding.UTF8.GetString(row.Name.Span);
            _objects.Add(Descriptions.OfRow(_last, value, head, isVersioned));
        }

        _passed = row.Name;
        _isPrefixPassed = false;
    }

    /// <summary>The first name behind all rows so far; null: there is none.</summary>
    public byte[]? FindNextName() => _isPrefixPassed
        ? RegisterNames.Behind(_passed.Span)
        : RegisterNames.After(_passed.Span);

    /// <summary>Goes on behind the common prefix that a row stands for, without taking it in.</summary>
    public void Pass(RegisterRow row) => PassPrefix(CommonPrefixOf(row));

    public ObjectPage Build() => new(_objects, _prefixes, IsTruncated ? _last : null);

    private void AddPrefix(ReadOnlyMemory<byte> prefix)
    {
        if (!_lastPrefix.IsEmpty && _lastPrefix.Span.SequenceEqual(prefix.Span))
        {
            return;
        }

        if (TryTake())
        {
            _lastPrefix = prefix;
            _last = Encoding.UTF8.GetString(prefix.Span);
            _prefixes.Add(_last);
        }

        PassPrefix(prefix);
    }

    private void PassPrefix(ReadOnlyMemory<byte> prefix)
    {
        _passed = prefix;
        _isPrefixPassed = true;
    }

    private bool TryTake()
    {
        IsTruncated = _objects.Count + _prefixes.Count == limit;
        return !IsTruncated;
    }

    private int PrefixSize(RegisterRow row) =>
        ListStart.CommonPrefixSize(request.Prefix.Span, request.Delimiter.Span, row.Name.Span);
}
