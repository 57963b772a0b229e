using System.Globalization;
using Cairn.Primitives.SigV4;

namespace Cairn.UnitTests.Primitives.SigV4;

/// <summary>The keys, bucket and moment of the examples in AWS's "Authenticating Requests" pages.</summary>
internal static class AwsVector
{
    public const string AccessKey = "AKIAIOSFODNN7EXAMPLE";
    public const string SecretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    public const string Host = "examplebucket.s3.amazonaws.com";
    public const string Stamp = "20130524T000000Z";

    public static readonly DateTimeOffset Time = new(2013, 5, 24, 0, 0, 0, TimeSpan.Zero);

    public static SigV4Signer Signer => new(AccessKey, SecretKey, "us-east-1");

    public static SigV4Scope Scope => new(20130524, "us-east-1", "s3");

    public static string Signature(
        string method, string path, string query, string payloadHash, params (string Name, string Value)[] headers)
    {
        SignedRequest signed = Sign(method, path, query, payloadHash, headers);
        return signed.Authorization[(signed.Authorization.IndexOf("Signature=", StringComparison.Ordinal) + 10)..];
    }

    public static SignedRequest Sign(
        string method, string path, string query, string payloadHash, params (string Name, string Value)[] headers) =>
        Signer.Sign(Request(method, path, query, payloadHash, headers), Time);

    public static SignableRequest Request(
        string method, string path, string query, string payloadHash, params (string Name, string Value)[] headers)
    {
        KeyValuePair<string, string>[] all =
        [
            new("Host", Host),
            new("x-amz-content-sha256", payloadHash),
            new("x-amz-date", Stamp),
            .. headers.Select(header => KeyValuePair.Create(header.Name, header.Value)),
        ];
        return new SignableRequest
        {
            Method = method,
            Path = path,
            Query = query,
            PayloadHash = payloadHash,
            Headers = all,
        };
    }

    public static byte[] Hex(string text) => Convert.FromHexString(text);

    public static DateTimeOffset At(string stamp) => DateTimeOffset.ParseExact(
        stamp, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
