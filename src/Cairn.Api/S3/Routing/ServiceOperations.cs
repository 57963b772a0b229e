using Cairn.Api.S3.Operations;
using static Cairn.Api.S3.Routing.ResourceLevel;

namespace Cairn.Api.S3.Routing;

/// <summary>Operations on the service.</summary>
internal static class ServiceOperations
{
    public static readonly OperationRow[] Rows =
    [
        new("ListBuckets", "GET", Service, "", "s3:ListAllMyBuckets")
        {
            Handler = ListBuckets.HandleAsync,
        },
        new("ListDirectoryBuckets", "GET", Service, "", "s3express:ListAllMyDirectoryBuckets")
        {
            Distinction = Distinction.DirectoryBuckets,
        },
        new(
            "WriteGetObjectResponse",
            "POST",
            Service,
            "WriteGetObjectResponse",
            "s3-object-lambda:WriteGetObjectResponse"),
    ];
}
