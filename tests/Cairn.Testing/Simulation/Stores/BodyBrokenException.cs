namespace Cairn.Testing.Simulation.Stores;

/// <summary>The client went away in the middle of its request body. The store must let it pass and keep nothing.</summary>
internal sealed class BodyBrokenException() : Exception("The request body broke off.");
