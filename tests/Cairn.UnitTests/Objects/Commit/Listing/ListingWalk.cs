using System.Text;
using Cairn.Drives;
using Cairn.Drives.Registers;
using Cairn.Objects;
using Cairn.Objects.Commit;
using Cairn.Objects.Listing;
using Cairn.Primitives.Ids;
using Xunit;

namespace Cairn.UnitTests.Objects.Commit.Listing;

/// <summary>Walks a listing page by page as the callers of the quorum do, and shows it as text.</summary>
internal static class ListingWalk
{
    public static ListRequest Request(
        string prefix = "", string from = "", string delimiter = "", int limit = 1000) => new()
        {
            Space = RegisterSpace.Objects,
            Bucket = new BucketId(7),
            Prefix = Encoding.UTF8.GetBytes(prefix),
            From = Encoding.UTF8.GetBytes(from),
            Delimiter = Encoding.UTF8.GetBytes(delimiter),
            Limit = limit,
        };

    /// <summary>Names with their values, newest first: "a=one b=two,older". A common prefix stands for itself: "c/".</summary>
    public static async Task<string> ShowAsync(QuorumFixture store, ListRequest request)
    {
        StringBuilder shown = new();
        string last = "";
        while (true)
        {
            ObjectResult<RegisterPage> page = await store.Quorum.ListAsync(request, default);
            Assert.Equal(ObjectError.None, page.Error);
            Assert.True(page.Value!.Rows.Sum(row => row.Values.Count) <= request.Limit);
            Assert.True(page.Value.IsEnd || page.Value.Rows.Count > 0);
            foreach (RegisterRow row in page.Value.Rows)
            {
                last = Append(shown, request, row, last);
            }

            if (page.Value.IsEnd)
            {
                return shown.ToString();
            }

            request = Next(request, page.Value.Rows[^1]);
        }
    }

    /// <summary>A drive answers so many pages of listings. What a read asks of the drive by listing is not counted.</summary>
    public static void Fail(FaultyDrive drive, int pages) => drive.RefuseList = request =>
        (request.Prefix.IsEmpty || !request.Prefix.Span.SequenceEqual(request.From.Span)) && pages-- <= 0
            ? DriveFault.Io
            : DriveFault.None;

    /// <summary>Only these drives answer listings.</summary>
    public static void Hear(QuorumFixture store, params IReadOnlyList<int> drives)
    {
        for (int index = 0; index < store.Drives.Length; index++)
        {
            Fail(store.Drives[index], drives.Contains(index) ? int.MaxValue : 0);
        }
    }

    private static string Append(StringBuilder shown, ListRequest request, RegisterRow row, string last)
    {
        int rolled = PrefixSize(request, row.Name);
        if (rolled > 0)
        {
            shown.Append(shown.Length > 0 ? " " : "").Append(Encoding.UTF8.GetString(row.Name.Span[..rolled]));
            return "";
        }

        Assert.NotEmpty(row.Values);
        string name = Encoding.UTF8.GetString(row.Name.Span);
        string values = string.Join(',', row.Values.Select(value => PlainRecords.TextOf(value.Body)));
        shown.Append(name == last ? "," : (shown.Length > 0 ? " " : "") + name + "=").Append(values);
        return name;
    }

    private static ListRequest Next(ListRequest request, RegisterRow last)
    {
        int rolled = PrefixSize(request, last.Name);
        return rolled > 0
                ? request with { From = RegisterNames.Behind(last.Name.Span[..rolled]), OlderThan = null }
            : last.IsCut ? request with { From = last.Name, OlderThan = last.Values[^1].Birth }
            : request with { From = RegisterNames.After(last.Name.Span), OlderThan = null };
    }

    private static int PrefixSize(ListRequest request, ReadOnlyMemory<byte> name) =>
        ListStart.CommonPrefixSize(request.Prefix.Span, request.Delimiter.Span, name.Span);
}
