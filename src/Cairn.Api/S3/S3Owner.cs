namespace Cairn.Api.S3;

/// <summary>The one account that owns everything here, in the two forms that S3 has for an account.</summary>
internal static class S3Owner
{
    /// <summary>Canonical user id: 64 hexadecimal digits, as AWS's are.</summary>
    public const string Id = "6361697274686520726f6f74206163636f756e74206f66207468652073746f72";

    public const string DisplayName = "cairn";

    /// <summary>Twelve-digit account number, as x-amz-expected-bucket-owner names it.</summary>
    public const string Account = "000000000000";
}
