using System.Collections;
using Cairn.Objects.Commit;
using Cairn.Objects.Records;

namespace Cairn.Objects.Versions;

/// <summary>The parts of a multipart version, taken out of its record when somebody looks.</summary>
/// <remarks>
/// Most readers of an object of ten thousand parts want its bytes and never look. Concurrency: any thread; two that look
/// first at once decode twice.
/// </remarks>
internal sealed class PartTable(RegisterValue version, int count) : IReadOnlyList<ObjectPart>
{
    private ObjectPart[]? _parts;

    public int Count => count;

    public ObjectPart this[int index] => (_parts ??= Decode())[index];

    public IEnumerator<ObjectPart> GetEnumerator() => ((IEnumerable<ObjectPart>)(_parts ??= Decode())).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private ObjectPart[] Decode()
    {
        VersionRecord record = VersionRecordCodec.Decode(version, withParts: true);
        ObjectPart[] parts = new ObjectPart[record.Parts.Count];
        for (int i = 0; i < parts.Length; i++)
        {
            PartEntry part = record.Parts[i];
            parts[i] = new ObjectPart(
                part.Number,
                record.Pieces[i].Size,
                part.ETag.ToString(),
                part.Checksum,
                DateTimeOffset.FromUnixTimeMilliseconds(part.UploadedMs));
        }

        return parts;
    }
}
