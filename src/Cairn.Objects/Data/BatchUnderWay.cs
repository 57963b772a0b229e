namespace Cairn.Objects.Data;

/// <summary>A batch that is being hashed and written.</summary>
internal sealed record BatchUnderWay(StripeBatch Batch, Task Hashing, Task Writing)
{
    /// <summary>Waits for both and gives the batch back, whatever becomes of them.</summary>
    /// <remarks>Not WhenAll: its continuation would leave the scheduler.</remarks>
    public async Task EndAsync()
    {
        try
        {
            await Hashing;
        }
        finally
        {
            try
            {
                await Writing;
            }
            finally
            {
                Batch.Release();
            }
        }
    }
}
