namespace Cairn.UnitTests.Testing.Toy;

/// <summary>A replica's answer; refused with the highest ballot it knows.</summary>
internal sealed record ToyReply(bool IsOk, long Highest, ToyVersion[] Versions);
