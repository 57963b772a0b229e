using Amazon.S3;

namespace Cairn.SystemTests.Crash;

/// <summary>Makes calls that may meet a dying server.</summary>
internal static class Attempts
{
    public static async Task<Attempt<T>> MakeAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return new Attempt<T>(Outcome.Acknowledged, null, await call());
        }
        catch (AmazonS3Exception answer) when ((int)answer.StatusCode is >= 400 and < 500)
        {
            return new Attempt<T>(Outcome.Refused, answer.ErrorCode, default);
        }
        catch (AmazonS3Exception answer) when ((int)answer.StatusCode >= 500)
        {
            return new Attempt<T>(Outcome.Unknown, answer.ErrorCode, default);
        }
        // A killed server shows as any of a dozen exceptions of the HTTP stack, none of which tells the outcome.
        catch (Exception failure) when (failure is not CrashViolationException)
        {
            return new Attempt<T>(Outcome.Unknown, null, default);
        }
    }
}
