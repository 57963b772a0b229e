using Cairn.Api.S3.Operations;

namespace Cairn.Api.S3.Routing;

/// <summary>Operations on the service.</summary>
internal static class ServiceOperations
{
    private const ResourceLevel Level = ResourceLevel.Service;

    public static readonly OperationRow[] Rows =
    [
        new("ListBuckets", "GET", Level, "", "s3:ListAllMyBuckets")
        {
            Handler = ListBuckets.HandleAsync,
        },
        new("ListDirectoryBuckets", "GET", Level, "", "s3express:ListAllMyDirectoryBuckets")
        {
            Distinction = Distinction.DirectoryBuckets,
        },
        new(
            "WriteGetObjectResponse",
            "POST",
            Level,
            "WriteGetObjectResponse",
            "s3-object-lambda:WriteGetObjectResponse"),
    ];
}
