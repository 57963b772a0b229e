namespace Cairn.Testing.Histories;

/// <summary>One version of a key.</summary>
/// <param name="Write">The operation that made it.</param>
/// <param name="Visible">What a reader of it sees; absent for a delete marker.</param>
internal readonly record struct KeyVersion(int Write, ObjectState Visible);
