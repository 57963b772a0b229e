namespace Cairn.Objects.Buckets;

/// <summary>The other nodes of the store, as far as they remember buckets.</summary>
public interface IBucketPeers
{
    /// <summary>Has the other nodes forget a bucket that has changed.</summary>
    /// <returns>Whether every one of them has confirmed. Not confirmed within a short time: false.</returns>
    ValueTask<bool> TryForgetAsync(string bucket, CancellationToken cancellationToken);
}
