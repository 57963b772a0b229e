namespace Cairn.Api.S3.Errors;

/// <summary>An S3 error as a client sees it: code, HTTP status and text.</summary>
/// <remarks>
/// Purpose: the only place that knows codes and statuses. Texts imitate AWS's because some clients match on them.
/// Invariants: immutable; the table rows are shared, <see cref="Because"/> and <see cref="With"/> copy.
/// </remarks>
/// <param name="Code">S3's name of the error.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Message">For people.</param>
internal sealed record S3Error(string Code, int Status, string Message)
{
    /// <summary>Further elements of the error document, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Details { get; private init; } = [];

    /// <summary>Headers that go with the error.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; private init; } = [];

    /// <summary>The same error with a text that says more.</summary>
    public S3Error Because(string message) => this with { Message = message };

    /// <summary>The same error with one more element.</summary>
    public S3Error With(string element, string? text) =>
        text is null ? this : this with { Details = [.. Details, new(element, text)] };

    /// <summary>The same error with one more response header.</summary>
    public S3Error WithHeader(string name, string value) => this with { Headers = [.. Headers, new(name, value)] };

    // Authentication and authorisation.
    public static readonly S3Error AccessDenied = new("AccessDenied", 403, "Access Denied");

    public static readonly S3Error AuthorizationHeaderMalformed = new(
        "AuthorizationHeaderMalformed", 400, "The authorization header that you provided is not valid.");

    public static readonly S3Error AuthorizationQueryParametersError = new(
        "AuthorizationQueryParametersError",
        400,
        "The authorization query parameters that you provided are not valid.");

    public static readonly S3Error InvalidAccessKeyId = new(
        "InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records.");

    public static readonly S3Error InvalidToken = new(
        "InvalidToken", 400, "The provided token is malformed or otherwise invalid.");

    public static readonly S3Error RequestTimeTooSkewed = new(
        "RequestTimeTooSkewed", 403, "The difference between the request time and the current time is too large.");

    public static readonly S3Error SignatureDoesNotMatch = new(
        "SignatureDoesNotMatch",
        403,
        "The request signature we calculated does not match the signature you provided. "
        + "Check your key and signing method.");

    public static readonly S3Error XAmzContentSha256Mismatch = new(
        "XAmzContentSHA256Mismatch",
        400,
        "The provided 'x-amz-content-sha256' header does not match what was computed.");

    // Requests that cannot be understood.
    public static readonly S3Error InvalidArgument = new("InvalidArgument", 400, "Invalid Argument");

    public static readonly S3Error InvalidRequest = new("InvalidRequest", 400, "Invalid Request");

    public static readonly S3Error InvalidUri = new("InvalidURI", 400, "Couldn't parse the specified URI.");

    public static readonly S3Error KeyTooLong = new("KeyTooLongError", 400, "Your key is too long");

    public static readonly S3Error MalformedXml = new(
        "MalformedXML",
        400,
        "The XML you provided was not well-formed or did not validate against our published schema");

    public static readonly S3Error MaxMessageLengthExceeded = new(
        "MaxMessageLengthExceeded", 400, "Your request was too big.");

    public static readonly S3Error MetadataTooLarge = new(
        "MetadataTooLarge", 400, "Your metadata headers exceed the maximum allowed metadata size");

    public static readonly S3Error MethodNotAllowed = new(
        "MethodNotAllowed", 405, "The specified method is not allowed against this resource.");

    public static readonly S3Error MissingRequestBody = new(
        "MissingRequestBodyError", 400, "Request body is empty.");

    public static readonly S3Error NotImplemented = new(
        "NotImplemented", 501, "A header or query you provided requests functionality that is not implemented.");

    // Bodies.
    public static readonly S3Error BadDigest = new(
        "BadDigest",
        400,
        "The Content-MD5 or checksum value that you specified did not match what the server received.");

    public static readonly S3Error EntityTooLarge = new(
        "EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed object size.");

    public static readonly S3Error EntityTooSmall = new(
        "EntityTooSmall", 400, "Your proposed upload is smaller than the minimum allowed object size.");

    public static readonly S3Error IncompleteBody = new(
        "IncompleteBody",
        400,
        "You did not provide the number of bytes specified by the Content-Length HTTP header.");

    public static readonly S3Error InvalidChunk = new(
        "InvalidChunkSizeError", 400, "The aws-chunked framing of the body is not valid.");

    public static readonly S3Error InvalidDigest = new(
        "InvalidDigest", 400, "The Content-MD5 or checksum value that you specified is not valid.");

    public static readonly S3Error MalformedTrailer = new(
        "MalformedTrailerError",
        400,
        "The request contained trailing data that was not well-formed or did not conform.");

    public static readonly S3Error MissingContentLength = new(
        "MissingContentLength", 411, "You must provide the Content-Length HTTP header.");

    public static readonly S3Error RequestTimeout = new(
        "RequestTimeout",
        400,
        "Your socket connection to the server was not read from or written to within the timeout period.");

    // Buckets.
    public static readonly S3Error AccessControlListNotSupported = new(
        "AccessControlListNotSupported", 400, "The bucket does not allow ACLs");

    public static readonly S3Error BucketAlreadyOwnedByYou = new(
        "BucketAlreadyOwnedByYou",
        409,
        "Your previous request to create the named bucket succeeded and you already own it.");

    public static readonly S3Error BucketNotEmpty = new(
        "BucketNotEmpty", 409, "The bucket you tried to delete is not empty");

    public static readonly S3Error IllegalVersioningConfiguration = new(
        "IllegalVersioningConfigurationException",
        400,
        "The Versioning element must be specified and must be Enabled or Suspended.");

    public static readonly S3Error InvalidBucketName = new(
        "InvalidBucketName", 400, "The specified bucket is not valid.");

    public static readonly S3Error InvalidLocationConstraint = new(
        "InvalidLocationConstraint", 400, "The specified location-constraint is not valid");

    public static readonly S3Error NoSuchBucket = new("NoSuchBucket", 404, "The specified bucket does not exist");

    public static readonly S3Error NoSuchTagSet = new("NoSuchTagSet", 404, "The TagSet does not exist");

    // Objects and uploads.
    public static readonly S3Error ConditionalRequestConflict = new(
        "ConditionalRequestConflict",
        409,
        "The conditional request cannot succeed due to a conflicting operation against this resource.");

    public static readonly S3Error InvalidPart = new(
        "InvalidPart",
        400,
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified "
        + "entity tag may not match the part's entity tag.");

    public static readonly S3Error InvalidPartNumber = new(
        "InvalidPartNumber", 416, "The requested partnumber is not satisfiable");

    public static readonly S3Error InvalidPartOrder = new(
        "InvalidPartOrder",
        400,
        "The list of parts was not in ascending order. Parts must be ordered by part number.");

    public static readonly S3Error InvalidRange = new(
        "InvalidRange", 416, "The requested range is not satisfiable");

    public static readonly S3Error InvalidStorageClass = new(
        "InvalidStorageClass", 400, "The storage class you specified is not valid");

    public static readonly S3Error InvalidTag = new("InvalidTag", 400, "The tag provided was not a valid tag.");

    public static readonly S3Error NoSuchKey = new("NoSuchKey", 404, "The specified key does not exist.");

    public static readonly S3Error NoSuchUpload = new(
        "NoSuchUpload",
        404,
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or "
        + "completed.");

    public static readonly S3Error NoSuchVersion = new(
        "NoSuchVersion", 404, "The specified version does not exist.");

    public static readonly S3Error NotModified = new("NotModified", 304, "Not Modified");

    public static readonly S3Error PreconditionFailed = new(
        "PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold");

    // The store's own state.
    public static readonly S3Error InternalError = new(
        "InternalError", 500, "We encountered an internal error. Please try again.");

    public static readonly S3Error OperationAborted = new(
        "OperationAborted",
        409,
        "A conflicting conditional operation is currently in progress against this resource. Try again.");

    public static readonly S3Error ServiceUnavailable = new(
        "ServiceUnavailable", 503, "Service is unable to handle request.");

    public static readonly S3Error SlowDown = new("SlowDown", 503, "Please reduce your request rate.");

    public static readonly S3Error StorageFull = new(
        "XMinioStorageFull",
        507,
        "Storage backend has reached its minimum free drive threshold. Please delete a few objects to proceed.");
}
