namespace Cairn.Objects.Data;

/// <summary>Too few good shards of an object answer. Nothing wrong was handed out.</summary>
public sealed class DataUnavailableException(string message) : IOException(message);
