namespace Cairn.Objects.Layout;

/// <summary>The storage classes a layout has a code for, by their names in S3.</summary>
public static class StorageClasses
{
    public const string Standard = "STANDARD";

    public const string ReducedRedundancy = "REDUCED_REDUNDANCY";
}
