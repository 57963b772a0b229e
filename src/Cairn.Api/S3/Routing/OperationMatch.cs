namespace Cairn.Api.S3.Routing;

/// <summary>The result of a search in the operation table.</summary>
/// <param name="Kind">How it ended.</param>
/// <param name="Row">The operation, when found.</param>
/// <param name="Conflict">The names of two sub-resources that exclude each other.</param>
internal readonly record struct OperationMatch(OperationMatchKind Kind, OperationRow? Row, string Conflict = "")
{
    public static OperationMatch WrongMethod => new(OperationMatchKind.WrongMethod, null);

    public static OperationMatch UnknownSubResource => new(OperationMatchKind.UnknownSubResource, null);

    public static OperationMatch Conflicting(string first, string second) =>
        new(OperationMatchKind.Conflicting, null, first + ", " + second);
}
