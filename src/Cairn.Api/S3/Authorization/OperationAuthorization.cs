using Cairn.Api.S3.Errors;
using Cairn.Api.S3.Routing;

namespace Cairn.Api.S3.Authorization;

/// <summary>Asks for the action of the operation's row; what has no row is refused.</summary>
internal static class OperationAuthorization
{
    /// <summary>
    /// An action that nobody is granted by name; whoever may do everything may hear why a request is wrong.
    /// </summary>
    private const string NoAction = "s3:UnknownOperation";

    public static S3Error? Check(S3Call call, OperationMatch match)
    {
        OperationRow? row = match.Row;
        string action = row is null
            ? NoAction
            : row.VersionAction is not null && call.Query.FindText("versionId") is not null
                ? row.VersionAction
                : row.Action;
        if (call.Authorize(action, call.Bucket, call.Key) is { } denied && row is not { IsAuthorizedByKey: true })
        {
            return denied;
        }

        if (row is not null)
        {
            return row.Handler is null
                ? S3Error.NotImplemented.Because($"The operation {row.Name} is not implemented.")
                : null;
        }

        return match.Kind switch
        {
            OperationMatchKind.WrongMethod => S3Error.MethodNotAllowed
                .With("Method", call.Request.Method)
                .With("ResourceType", call.Address.Level.ToString().ToUpperInvariant()),
            OperationMatchKind.Conflicting => S3Error.InvalidArgument
                .Because("Conflicting query string parameters: " + match.Conflict),
            _ => S3Error.NotImplemented,
        };
    }
}
