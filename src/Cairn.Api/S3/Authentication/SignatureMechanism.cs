namespace Cairn.Api.S3.Authentication;

/// <summary>Where a request carries its signature.</summary>
internal enum SignatureMechanism
{
    /// <summary>It has none.</summary>
    None = 0,
    HeaderV4,
    QueryV4,
    HeaderV2,
    QueryV2,
}
