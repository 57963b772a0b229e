namespace Cairn.Cluster.Membership;

/// <summary>Now, by both clocks.</summary>
/// <param name="Elapsed">Since the node started; never goes back, and timeouts are measured with it.</param>
/// <param name="Wall">What the node believes the time to be; only told to others, never computed with.</param>
internal readonly record struct Instant(TimeSpan Elapsed, DateTimeOffset Wall);
