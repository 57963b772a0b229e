namespace Cairn.Api.S3.Errors;

/// <summary>
/// Carries an S3 error out of code that has no other way to say it: a request body in the hands of the store, a parser
/// deep in a document.
/// </summary>
internal sealed class S3Exception(S3Error error) : Exception(error.Message)
{
    public S3Error Error { get; } = error;
}
