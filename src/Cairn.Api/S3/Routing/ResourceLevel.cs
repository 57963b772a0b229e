namespace Cairn.Api.S3.Routing;

/// <summary>What a request's address names.</summary>
internal enum ResourceLevel
{
    Service,
    Bucket,
    Object,
}
