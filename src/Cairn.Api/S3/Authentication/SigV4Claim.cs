using System.Globalization;
using Cairn.Primitives.SigV4;

namespace Cairn.Api.S3.Authentication;

/// <summary>The parts of a version 4 signature, wherever they stood. Nothing here is verified.</summary>
internal ref struct SigV4Claim
{
    public ReadOnlySpan<char> AccessKey;
    public ReadOnlySpan<char> Region;
    public ReadOnlySpan<char> Service;
    public ReadOnlySpan<char> SignedHeaders;
    public ReadOnlySpan<char> Signature;

    /// <summary>The scope's day as the number yyyyMMdd.</summary>
    public int Day;

    /// <summary>
    /// Reads "AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=..." in any order and spacing.
    /// </summary>
    public static bool TryParseHeader(ReadOnlySpan<char> authorization, out SigV4Claim claim)
    {
        claim = default;
        ReadOnlySpan<char> fields = authorization[SigV4Signature.Algorithm.Length..];
        bool hasCredential = false;
        foreach (Range range in fields.Split(','))
        {
            ReadOnlySpan<char> field = fields[range].Trim(' ');
            int equals = field.IndexOf('=');
            if (equals < 0)
            {
                return false;
            }

            ReadOnlySpan<char> value = field[(equals + 1)..];
            switch (field[..equals])
            {
                case "Credential":
                    hasCredential = claim.TryParseCredential(value);
                    break;
                case "SignedHeaders":
                    claim.SignedHeaders = value;
                    break;
                case "Signature":
                    claim.Signature = value;
                    break;
                default:
                    return false;
            }
        }

        return hasCredential && !claim.SignedHeaders.IsEmpty && !claim.Signature.IsEmpty;
    }

    /// <summary>Reads "key/yyyyMMdd/region/service/aws4_request". The key itself may contain slashes.</summary>
    public bool TryParseCredential(ReadOnlySpan<char> credential)
    {
        ReadOnlySpan<char> terminator = TakeLast(credential, out int length);
        Service = TakeLast(credential[..length], out length);
        Region = TakeLast(credential[..length], out length);
        ReadOnlySpan<char> day = TakeLast(credential[..length], out length);
        AccessKey = credential[..length];
        return terminator.SequenceEqual(SigV4Scope.Terminator)
            && !Service.IsEmpty
            && !Region.IsEmpty
            && day.Length == 8
            && int.TryParse(day, NumberStyles.None, CultureInfo.InvariantCulture, out Day)
            && !AccessKey.IsEmpty;
    }

    private static ReadOnlySpan<char> TakeLast(ReadOnlySpan<char> text, out int restLength)
    {
        int slash = text.LastIndexOf('/');
        restLength = Math.Max(slash, 0);
        return slash < 0 ? default : text[(slash + 1)..];
    }
}
