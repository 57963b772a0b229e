namespace Cairn.Objects.Commit;

/// <summary>What a read-modify-write wants, having seen the certain state.</summary>
/// <param name="Error">Not None: stop here and answer this.</param>
/// <param name="Draft">To be accepted; null with Error None: nothing to do, success.</param>
internal readonly record struct MutationDecision(ObjectError Error, RegisterDraft? Draft)
{
    public static MutationDecision Stop(ObjectError error) => new(error, null);

    public static MutationDecision Accept(RegisterDraft draft) => new(ObjectError.None, draft);

    public static MutationDecision Nothing => new(ObjectError.None, null);
}
