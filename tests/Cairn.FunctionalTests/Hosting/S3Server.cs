using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Cairn.Api;
using Cairn.Api.Health;
using Cairn.Api.S3;
using Cairn.Primitives.SigV4;
using Cairn.Security.Identities;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

[assembly: AssemblyFixture(typeof(Cairn.FunctionalTests.Hosting.S3Server))]

namespace Cairn.FunctionalTests.Hosting;

/// <summary>
/// One S3 API on a real Kestrel and a real store, shared by all tests; each takes a bucket of its own.
/// </summary>
public sealed class S3Server : IAsyncLifetime
{
    public const string AccessKey = "functionaltestkey";
    public const string SecretKey = "functional test secret / with + odd = characters";
    public const string Domain = "s3.cairn.test";

    private readonly List<WebApplication> _applications = [];
    private TempStore? _store;
    private int _lastBucket;

    /// <summary>Where the API listens.</summary>
    public Uri Address { get; private set; } = null!;

    public SigV4Signer Signer { get; } = new(AccessKey, SecretKey, "us-east-1");

    /// <summary>AWS's own client, path style.</summary>
    public AmazonS3Client Client { get; private set; } = null!;

    /// <summary>Raw requests, signed unless a test says otherwise.</summary>
    public RawS3 Raw { get; private set; } = null!;

    internal Cairn.Objects.ObjectStore Store => _store!.Store;

    public async ValueTask InitializeAsync()
    {
        _store = await TempStore.StartAsync();
        Address = await StartAsync(new S3Options { Domains = [Domain] });
        Client = CreateClient(Address);
        Raw = new RawS3(Address, Signer);
    }

    /// <summary>Another API with other options over the same store.</summary>
    public async Task<Uri> StartAsync(S3Options options, ServingState? serving = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureForS3();
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        WebApplication application = builder.Build();
        application.UseS3(new ApiEndpoint(new ApiParts
        {
            Options = options,
            Serving = serving ?? new ServingState(),
            Store = _store!.Store,
            Credentials = new CredentialDirectory(new Credential(AccessKey, SecretKey)),
            Cluster = _store.Cluster,
            Time = TimeProvider.System,
            Logs = NullLoggerFactory.Instance,
        }));
        await application.StartAsync();
        _applications.Add(application);
        IServer server = application.Services.GetRequiredService<IServer>();
        return new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public static AmazonS3Client CreateClient(Uri address, Action<AmazonS3Config>? configure = null)
    {
        var config = new AmazonS3Config
        {
            ServiceURL = address.ToString(),
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
            MaxErrorRetry = 0,
            UseHttp = true,
        };
        configure?.Invoke(config);
        return new AmazonS3Client(new BasicAWSCredentials(AccessKey, SecretKey), config);
    }

    /// <summary>A new bucket that no other test knows.</summary>
    public async Task<string> NewBucketAsync()
    {
        string bucket = "bucket-" + Interlocked.Increment(ref _lastBucket);
        await Client.PutBucketAsync(bucket);
        return bucket;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        foreach (WebApplication application in _applications)
        {
            await application.DisposeAsync();
        }

        await _store!.DisposeAsync();
    }
}
