namespace Cairn.Api.S3.Objects;

/// <summary>The storage classes there are: they differ by parity.</summary>
internal static class StorageClass
{
    public const string Standard = "STANDARD";
    public const string ReducedRedundancy = "REDUCED_REDUNDANCY";

    public static bool IsKnown(string name) => name is Standard or ReducedRedundancy;
}
