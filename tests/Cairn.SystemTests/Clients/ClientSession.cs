using Cairn.SystemTests.Harness;

namespace Cairn.SystemTests.Clients;

/// <summary>What every client session starts from: a scratch folder and a bucket name nobody else uses.</summary>
[Collection(ClientNodeGroup.Name)]
public abstract class ClientSession(ClientNode node) : IAsyncDisposable
{
    /// <summary>Many parts for every client's default part size, and what the issue asks for.</summary>
    internal const long LargeSize = 200L << 20;

    internal ClientNode Node { get; } = node;

    internal TestEndpoint Endpoint => Node.Endpoint;

    internal ScratchFolder Scratch { get; } = new();

    internal string Bucket { get; } = $"session-{Guid.NewGuid():N}"[..24];

    internal string Url => Endpoint.Address.GetLeftPart(UriPartial.Authority);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Scratch.Dispose();
        // A failed session leaves its objects behind; the next one should not pay for their space.
        using var observer = Node.CreateObserver();
        await S3Clients.EmptyAndDeleteAsync(observer, Bucket);
    }

    /// <summary>A small tree with the shapes that break naive key handling.</summary>
    internal string WriteTree(string name)
    {
        var folder = Scratch.CreateFolder(name);
        Payload.WriteFile(Path.Combine(folder, "top.txt"), 1, 10);
        Payload.WriteFile(Path.Combine(folder, "empty"), 2, 0);
        Payload.WriteFile(Path.Combine(folder, "a b+c.txt"), 3, 1_000);
        Payload.WriteFile(Path.Combine(folder, "deep", "er", "still", "x=1&y=2 #%41.bin"), 4, 100_000);
        Payload.WriteFile(Path.Combine(folder, "deep", "umläut-\u65e5本-😀.bin"), 5, 300_000);
        Payload.WriteFile(Path.Combine(folder, "deep.bin"), 6, 2_000_000);
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            // S3 keeps whole seconds: a file as young as its object would look newer to a program that compares times.
            File.SetLastWriteTimeUtc(file, new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        }

        return folder;
    }

    internal static void AssertSameTree(string expectedFolder, string actualFolder) =>
        Assert.Equal(Payload.HashTree(expectedFolder), Payload.HashTree(actualFolder));
}
