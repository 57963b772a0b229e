using Cairn.Primitives.Ids;

namespace Cairn.Drives.Commit;

/// <summary>Closes a bucket for accepts, or opens it again.</summary>
internal sealed class CloseBucketOperation(BucketId bucket, bool isClosed) : FaultOperation
{
    public override ValueTask EvaluateAsync(BatchScope scope)
    {
        if (scope.Standing.IsBucketClosed(bucket) != isClosed)
        {
            scope.Standing.SetBucketClosed(bucket, isClosed, scope);
        }

        return ValueTask.CompletedTask;
    }
}
