namespace Cairn.Client.Admin;

/// <summary>The layout that is in force.</summary>
/// <param name="Epoch">Grows with every change.</param>
/// <param name="Width">Drives that hold an object.</param>
/// <param name="StandardParity">How many of them an object of the class STANDARD can lose.</param>
/// <param name="ReducedParity">The same of REDUCED_REDUNDANCY.</param>
public sealed record LayoutStatus(long Epoch, int Width, int StandardParity, int ReducedParity);
