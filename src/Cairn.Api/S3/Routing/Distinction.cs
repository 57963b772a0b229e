namespace Cairn.Api.S3.Routing;

/// <summary>What else must be in a request for a row of the operation table to apply.</summary>
internal enum Distinction
{
    None = 0,

    /// <summary>The header x-amz-copy-source.</summary>
    CopySource,

    /// <summary>The parameter list-type=2.</summary>
    ListType2,

    /// <summary>
    /// A parameter that names one configuration or annotation (id, annotationName); without it: a list.
    /// </summary>
    Named,

    /// <summary>The parameter max-directory-buckets.</summary>
    DirectoryBuckets,
}
