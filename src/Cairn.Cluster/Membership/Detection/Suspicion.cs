namespace Cairn.Cluster.Membership.Detection;

/// <summary>How long a suspected member has to deny.</summary>
/// <remarks>
/// Purpose: one accuser alone may be the one with the bad link, so it has to wait longer than several who agree.
/// See: Dadgar, Phillips, Currey, "Lifeguard: Local Health Awareness for More Accurate Failure Detection", 2018, 4.2.
/// Deviation: the shortest time does not depend on the number of members, because operators set it.
/// </remarks>
internal static class Suspicion
{
    private const int LongestFactor = 2;

    /// <summary>Computes the time from suspicion to failure.</summary>
    /// <param name="shortest">When all that can be hoped for have confirmed.</param>
    /// <param name="confirmations">Accusers besides the first.</param>
    /// <param name="possible">Members that could have confirmed.</param>
    public static TimeSpan ComputeTimeout(TimeSpan shortest, int confirmations, int possible)
    {
        int expected = Math.Min(MembershipLimits.MaxAccusers - 1, possible);
        if (confirmations >= expected)
        {
            return shortest;
        }

        TimeSpan longest = shortest * LongestFactor;
        return longest - ((longest - shortest) * (Math.Log(confirmations + 1) / Math.Log(expected + 1)));
    }
}
