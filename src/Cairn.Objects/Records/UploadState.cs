namespace Cairn.Objects.Records;

/// <summary>Numbers are on disk: never renumber.</summary>
internal enum UploadState : byte
{
    /// <summary>Takes parts.</summary>
    Open = 1,

    /// <summary>One attempt to complete it may write the object.</summary>
    Completing = 2,

    /// <summary>That attempt may not begin to write the object any more; whether it already has is being found out.</summary>
    Withdrawing = 3,
}
