using System.Globalization;
using Cairn.Api.S3.Errors;

namespace Cairn.Api.S3.Authentication;

/// <summary>Decides whether a signature is of now.</summary>
internal sealed class SignatureClock(TimeProvider time)
{
    /// <summary>AWS's own figure: bounds how long a captured request can be repeated.</summary>
    public static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(15);

    /// <summary>The error for a signed request whose time is too far from now; null when it is near enough.</summary>
    public S3Error? CheckSkew(DateTimeOffset signed)
    {
        DateTimeOffset now = time.GetUtcNow();
        if ((now - signed).Duration() <= MaxSkew)
        {
            return null;
        }

        return S3Error.RequestTimeTooSkewed
            .With("RequestTime", Format(signed))
            .With("ServerTime", Format(now))
            .With("MaxAllowedSkewMilliseconds", "900000");
    }

    /// <summary>The error for a link used before or after its time.</summary>
    public S3Error? CheckLifetime(DateTimeOffset from, DateTimeOffset until)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (now > until)
        {
            return S3Error.AccessDenied.Because("Request has expired")
                .With("Expires", Format(until))
                .With("ServerTime", Format(now));
        }

        return from - now > MaxSkew ? S3Error.AccessDenied.Because("Request is not valid yet") : null;
    }

    private static string Format(DateTimeOffset value) =>
        value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
