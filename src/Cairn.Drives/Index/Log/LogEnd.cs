namespace Cairn.Drives.Index.Log;

/// <summary>Where a log that was read ended.</summary>
/// <param name="OldestFile">Number of its first file; above the newest when there is none.</param>
/// <param name="NewestFile">Number of its last file.</param>
/// <param name="NextSequence">Of the record that would have come next.</param>
/// <param name="IsLossy">Damage before the end: answered writes are gone.</param>
internal readonly record struct LogEnd(long OldestFile, long NewestFile, long NextSequence, bool IsLossy);
