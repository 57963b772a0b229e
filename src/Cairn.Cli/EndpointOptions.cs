using System.CommandLine;
using Cairn.Client.S3;

namespace Cairn.Cli;

/// <summary>The options that say which endpoint a command talks to, and as whom.</summary>
/// <param name="endpoint">What the endpoint is, for the help.</param>
/// <param name="withoutKey">What happens without an access key, for the help.</param>
internal sealed class EndpointOptions(string endpoint, string withoutKey = "")
{
    private readonly Option<string> _endpoint = Text("--endpoint", "url", endpoint, "http://127.0.0.1:9000");

    private readonly Option<string> _accessKey = Text(
        "--access-key", "key", $"Access key; also from AWS_ACCESS_KEY_ID or CAIRN_ROOT_USER. {withoutKey}".TrimEnd(), "");

    private readonly Option<string> _secretKey = Text(
        "--secret-key", "secret", "Secret key; better from AWS_SECRET_ACCESS_KEY or CAIRN_ROOT_PASSWORD.", "");

    private readonly Option<string> _region = Text("--region", "name", "The region to sign for.", "us-east-1");

    private readonly Option<bool> _insecure = new("--insecure") { Description = "Accept any TLS certificate." };

    public IEnumerable<Option> Options => [_endpoint, _accessKey, _secretKey, _region, _insecure];

    /// <summary>Reads them; what is not usable becomes a problem, and the result must then not be used.</summary>
    public S3ClientOptions Read(ParseResult parsed, Func<string, string?> environment, ICollection<string> problems)
    {
        if (!Uri.TryCreate(parsed.GetValue(_endpoint), UriKind.Absolute, out Uri? address)
            || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            problems.Add($"{_endpoint.Name}: accepted: a URL such as http://127.0.0.1:9000");
            address = new Uri("http://invalid");
        }

        return new S3ClientOptions
        {
            Endpoint = address,
            AccessKey = FirstSet(parsed.GetValue(_accessKey), "AWS_ACCESS_KEY_ID", "CAIRN_ROOT_USER", environment),
            SecretKey = FirstSet(parsed.GetValue(_secretKey), "AWS_SECRET_ACCESS_KEY", "CAIRN_ROOT_PASSWORD", environment),
            Region = parsed.GetValue(_region)!,
            AcceptsAnyCertificate = parsed.GetValue(_insecure),
        };
    }

    private static Option<string> Text(string name, string valueName, string description, string preset) => new(name)
    {
        HelpName = valueName,
        Description = description,
        DefaultValueFactory = _ => preset,
    };

    private static string FirstSet(string? given, string first, string second, Func<string, string?> environment) =>
        new[] { given, environment(first), environment(second) }.FirstOrDefault(v => !string.IsNullOrEmpty(v)) ?? "";
}
