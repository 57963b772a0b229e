using System.Globalization;
using Cairn.Objects.Versions;
using Cairn.Primitives.Ids;
using Cairn.Testing.Histories;

namespace Cairn.Testing.Simulation.Stores;

/// <summary>What the clients of one run share: the store, the keys they fight over, and what is known so far.</summary>
internal sealed class StoreWorkload
{
    public const string Bucket = "bucket";

    public static bool IsListingMissing => false;

    private const string WriteKey = "x-amz-meta-write";
    private const string TagKey = "tag";

    private readonly Dictionary<VersionId, int> _writes = [];
    private readonly Dictionary<int, string> _keys = [];
    private readonly Dictionary<int, int> _contents = [];
    private int _lastWrite;

    public required World World { get; init; }

    public required StoreAccess Store { get; init; }

    public required bool IsVersioned { get; init; }

    /// <summary>Clients do not pause.</summary>
    public required bool IsHot { get; init; }

    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>Body sizes in bytes, small (inline) and large (shard files).</summary>
    public required IReadOnlyList<int> Sizes { get; init; }

    /// <summary>Sizes of the parts of multipart uploads, in bytes.</summary>
    public required IReadOnlyList<int> PartSizes { get; init; }

    public required IReadOnlyList<int> PartCounts { get; init; }

    /// <summary>Data may be out of reach now: more drives fail than the data is sure to be spread over.</summary>
    public required Func<bool> IsLossExcused { get; init; }

    public required ObjectHistory History { get; init; }

    public Contents Contents { get; } = new();

    public OutcomeCounts Outcomes { get; } = new();

    /// <summary>Writes of unknown outcome in a versioned bucket; the final listing of versions decides them.</summary>
    public List<UndecidedWrite> Undecided { get; } = [];

    /// <summary>The ids of versions by the writes that made them, as far as they became known.</summary>
    public VersionOrder Order { get; } = new();

    /// <summary>What listings of versions showed.</summary>
    public List<VersionListing> Listings { get; } = [];

    /// <summary>By the write of the version: when somebody first began to remove it.</summary>
    public Dictionary<int, long> Removals { get; } = [];

    /// <summary>Versions whose ids clients were told, with the write that made them.</summary>
    public IReadOnlyDictionary<VersionId, int> Writes => _writes;

    /// <summary>A number for a write; its metadata carry it, so that it is recognised wherever it shows.</summary>
    public int NextWrite() => ++_lastWrite;

    public string? KeyOf(int write) => _keys.GetValueOrDefault(write);

    public void ReportUnavailable(string key, int content, Exception thrown, bool isExcused)
    {
        Outcomes.Count("get", "data unavailable");
        if (!isExcused)
        {
            throw World.Fail($"{key}: content {content} is unavailable although parity covers the faults.", thrown);
        }
    }

    public int ContentOfWrite(int write) => _contents[write];

    public void Know(string key, VersionId version, int write, int content)
    {
        _keys[write] = key;
        _contents[write] = content;
        Order.Know(write, version);
        if (!_writes.TryAdd(version, write))
        {
            throw World.Fail($"Version id {version} was given to two writes.");
        }
    }

    public static IReadOnlyList<KeyValuePair<string, string>> MetadataOf(int write) =>
        [new(WriteKey, write.ToString(CultureInfo.InvariantCulture))];

    public static IReadOnlyList<KeyValuePair<string, string>> TagsOf(int tags) =>
        tags == 0 ? [] : [new(TagKey, tags.ToString(CultureInfo.InvariantCulture))];

    /// <summary>What a client sees in an answer.</summary>
    public ObjectState StateOf(ObjectDescription description) => new(
        ContentOf(description), WriteOf(description), Find(description.Tags, TagKey));

    public static int WriteOf(ObjectDescription description) => Find(description.Metadata, WriteKey);

    public int ContentOf(ObjectDescription description)
    {
        if (description.IsDeleteMarker)
        {
            return 0;
        }

        Content content = Contents.Find(description.ETag)
            ?? throw World.Fail($"The store shows {description.Key} with ETag {description.ETag}, which nobody wrote.");
        return description.Size == content.Bytes.Length
            ? content.Id
            : throw World.Fail($"The store shows {description.Key} with {description.Size} bytes instead of {content.Bytes.Length}.");
    }

    private static int Find(IReadOnlyList<KeyValuePair<string, string>> pairs, string name)
    {
        foreach ((string key, string value) in pairs)
        {
            if (key == name)
            {
                return int.Parse(value, CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }
}
