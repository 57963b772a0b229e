using Cairn.Objects.Commit;
using Cairn.Objects.Records;

namespace Cairn.Objects.Versions;

/// <summary>Evaluates what must hold for a write or a delete.</summary>
internal static class Conditions
{
    /// <summary>A delete marker counts as absent. An absent key cannot match anything: NoSuchKey.</summary>
    public static ObjectError Evaluate(WriteCondition? condition, RegisterValue? current)
    {
        if (condition is null)
        {
            return ObjectError.None;
        }

        VersionHead head = current is null ? default : VersionRecordCodec.DecodeHead(current.Body.Span);
        if (current is null || head.IsDeleteMarker)
        {
            bool needsObject = condition.IfMatch is not null
                || condition.IfLastModified is not null
                || condition.IfSize is not null;
            return needsObject ? ObjectError.NoSuchKey : ObjectError.None;
        }

        bool holds = !condition.MustNotExist
            && (condition.IfMatch is null || IsAnyMatch(condition.IfMatch, head.ETag))
            && (condition.IfSize is null || condition.IfSize == head.Size)
            && (condition.IfLastModified is null
                || condition.IfLastModified.Value.ToUnixTimeSeconds() == current.Birth.Time.ToUnixTimeSeconds());
        return holds ? ObjectError.None : ObjectError.PreconditionFailed;
    }

    private static bool IsAnyMatch(IReadOnlyList<string> etags, ETag current)
    {
        for (int i = 0; i < etags.Count; i++)
        {
            if (etags[i] == "*" || current.Matches(etags[i]))
            {
                return true;
            }
        }

        return false;
    }
}
