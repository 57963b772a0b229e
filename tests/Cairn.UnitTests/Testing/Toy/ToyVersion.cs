namespace Cairn.UnitTests.Testing.Toy;

/// <summary>A version as a replica holds it.</summary>
internal readonly record struct ToyVersion(int Id, long Ballot, bool IsCommitted);
