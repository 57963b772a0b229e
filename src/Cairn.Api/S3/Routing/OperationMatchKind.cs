namespace Cairn.Api.S3.Routing;

/// <summary>How the search in the operation table ended.</summary>
internal enum OperationMatchKind
{
    Found,

    /// <summary>The resource is known, the method is not one of its.</summary>
    WrongMethod,

    /// <summary>A sub-resource that no operation of this level has.</summary>
    UnknownSubResource,

    /// <summary>Two sub-resources at once.</summary>
    Conflicting,
}
