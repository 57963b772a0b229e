namespace Cairn.Client.Admin;

/// <summary>The body of every answer of the admin API that is not a success.</summary>
/// <param name="Code">For programs, such as AccessDenied; stable.</param>
/// <param name="Message">For people; may change.</param>
/// <param name="RequestId">The server's name for the request.</param>
public sealed record AdminError(string Code, string Message, string RequestId);
