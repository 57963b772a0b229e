namespace Cairn.Testing.Simulation.Stores;

/// <summary>Bytes that some write put, and that no other write has.</summary>
/// <param name="Id">From 1.</param>
/// <param name="Bytes">Not to be modified.</param>
/// <param name="ETag">As the store must compute it.</param>
internal sealed record Content(int Id, byte[] Bytes, string ETag);
