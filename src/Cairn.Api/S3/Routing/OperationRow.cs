using Cairn.Api.S3.Errors;

namespace Cairn.Api.S3.Routing;

/// <summary>Answers a request, or says which error it ends in.</summary>
internal delegate Task<S3Error?> OperationHandler(S3Call call);

/// <summary>One operation of the S3 model.</summary>
/// <param name="Name">S3's name.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Level">What the address names.</param>
/// <param name="SubResource">The query parameter that selects it; empty: none.</param>
/// <param name="Action">IAM action that the caller needs on the addressed resource.</param>
internal sealed record OperationRow(
    string Name, string Method, ResourceLevel Level, string SubResource, string Action)
{
    /// <summary>Tells apart operations with the same method, level and sub-resource.</summary>
    public Distinction Distinction { get; init; }

    /// <summary>IAM action instead of Action when the request names a version.</summary>
    public string? VersionAction { get; init; }

    /// <summary>
    /// The caller is authorised for each key of the body, by the handler; the address alone says nothing.
    /// </summary>
    public bool IsAuthorizedByKey { get; init; }

    /// <summary>Null: known and not built; answers NotImplemented.</summary>
    public OperationHandler? Handler { get; init; }
}
