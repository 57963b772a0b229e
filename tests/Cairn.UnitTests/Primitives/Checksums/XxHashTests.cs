using Cairn.Primitives.Checksums;
using Cairn.Primitives.Checksums.Xxh3;
using Xunit;

namespace Cairn.UnitTests.Primitives.Checksums;

// Method: digests that the family's reference library (libxxhash 0.8.1) gave for one formula of bytes, at every border
// between its functions; then pieces against the whole, and the vector loop against the scalar one.
public sealed class XxHashTests
{
    private static readonly (int Size, ulong Hash64, ulong Hash3, string Hash128)[] Vectors =
    [
        (0, 0xEF46DB3751D8E999, 0x2D06800538D394C2, "99AA06D3014798D86001C324468D497F"),
        (1, 0x50FF15A81340970F, 0x929E358D27AE3EE2, "E1325E21416BCDB2929E358D27AE3EE2"),
        (2, 0xA8FBF06DFF5BE52E, 0x5F54949A22A6FA65, "03430718A8616E6E5F54949A22A6FA65"),
        (3, 0xF317C214C6256105, 0x5C9DACCD118A197A, "1EB657DD7EEBD4FD5C9DACCD118A197A"),
        (4, 0x628D7413FD6BE5EE, 0x3C0E5113FE28C69C, "B9D22041289A15B6A853507ECD0CF9AF"),
        (5, 0x6945BAC2C218935D, 0x5D0BD67D04AE3BC7, "23A9597EF16792E2B14A6348AADA4BFE"),
        (7, 0xF293CE921CC32BCE, 0x3DA5D4A9C86A8E35, "4D2D7AA4CD6C5235C0B522B24D8F9ED6"),
        (8, 0x0699CF0D5FD13B5C, 0x1B5A036D23404976, "A51CD37501D8B78FF1B3FC4A2F19210B"),
        (9, 0x1D35CCE5D22FCF7F, 0x100EA9A6053F439B, "05EFCFD4CDA533C95A183647CFB3C87A"),
        (12, 0xF8F0EC1A0492C2B9, 0x4124176042BA946E, "A0FCA59AD00DE1EC9946A323C46C031A"),
        (15, 0x1FDC79726D0731BA, 0x21B756DDC01D89A6, "016DE9C74063CC47EF071A618E99EB0A"),
        (16, 0x8C33E24757F58498, 0x2C9339EF737110B0, "8B8E2F79D072934E193B3A7140BDF15D"),
        (17, 0xF51F1BD9D2197FBC, 0x76DC49CD3094DD49, "178446D810C64675B247899FDE126F2E"),
        (31, 0x2362C73F665D94F5, 0xF047C791A7F6CEE5, "5E98E0283491A302ECB7FB79336ECE7D"),
        (32, 0x69F66F3A83C30412, 0xF461A05693AD8616, "83C1232AF626732A80FF3006BC34AB9C"),
        (33, 0xDFF2486EAE40D597, 0x16E9882F339DD5CC, "954643D8E9A9A2E2B27BCD5F8F256DAB"),
        (63, 0x911E26FFC245437A, 0x7DD879DFB75BB02F, "8366D9AC2BF1BA5CEE88901E9B9B146D"),
        (64, 0x040DE8A62961FACC, 0x2978DF1D884B5DFE, "9C2278C7468E61483AF93C4882A4CE41"),
        (65, 0x298E6D2141DF456D, 0xC4DA60D87E66DD18, "3CE58DA47CF081C5E70B032C2254AE91"),
        (96, 0x2AD79235ADA785C5, 0x2297E3383FB484D6, "9800509FBBADF7B5E87ACFE8BCF8FFFC"),
        (97, 0xFCF865E63830608E, 0x3C16788A3CEE7693, "2AD1B4ADD690E0B50AA5059EAC71BCDE"),
        (127, 0xBB6227EF41EF2708, 0xEAE5643A775A6CBB, "CF70696B8A6DC4A1DFC38B2336783E5D"),
        (128, 0xACC620C57FB1BC82, 0x791758C2A56EE13F, "1D23086659BEE8B970976F95ACDD9246"),
        (129, 0x3DE627AAA2E92D6A, 0x3DFE924C4BCD8CA0, "974525C1E76C9B2912679C53C385D99E"),
        (143, 0x0780E4A244EF7037, 0x289AC0DF23ABFAA9, "6DD0C537663B9043D6DD8C2C0E429DFA"),
        (144, 0x093491A910BF4996, 0xCB58F270EB62BB76, "8881F515200DCAD2592D3C3E7CAF38E1"),
        (160, 0x7228FE78021B8CB0, 0xCBF9B5E7D5478059, "D87180CC7FAF22D40CAE5CAB540040CD"),
        (239, 0xA10840EF5D6121D3, 0x37D9206C9A981A87, "11AE57F5C2935584DC5B90DF820AC9F6"),
        (240, 0x822736643540B663, 0x8539D56158AFCE0B, "543BD8568A88F87D726B98DFE0ABA9B8"),
        (241, 0xCA7E1F07791BA297, 0x237FA3542B957867, "FC48C7D255A35D45237FA3542B957867"),
        (255, 0xEEFF14754ACC74E2, 0x72D088CB8ACCE219, "81909F721BAEF0E272D088CB8ACCE219"),
        (256, 0x0E3956EFFD9050F8, 0x909ED0D761B2C618, "138B77536AA6A484909ED0D761B2C618"),
        (257, 0xC627794F34453B5D, 0xD371E51D118972FA, "B6478EE655413BC4D371E51D118972FA"),
        (511, 0xA32883DE793BB6CB, 0xFCF7D61E7B23D43A, "9A6ADE4986400B97FCF7D61E7B23D43A"),
        (512, 0xB55688950D31D538, 0x9B0451761B395C60, "8CB2B0AD8337EDF29B0451761B395C60"),
        (513, 0xAC14E7D666B48479, 0xEA0E16CCC68972CB, "CFF3E15CD65D0EB5EA0E16CCC68972CB"),
        (1023, 0x036A4BB3635C33F8, 0xAD8D475F35F757F2, "2F42DD0F85936957AD8D475F35F757F2"),
        (1024, 0xFFFCDD0C10705204, 0x52D9B609B65BC577, "D5D74F87DD994ACC52D9B609B65BC577"),
        (1025, 0x64E904ECF3AD21C4, 0x48FFCD12789946E3, "3FF6F68F99FABF9548FFCD12789946E3"),
        (1088, 0x10B0BC804F127473, 0x60DB3F99BC965356, "8E4ECEFE9970FF3560DB3F99BC965356"),
        (1089, 0x4C904892DD4E93B9, 0x5F42FF44CA7588CA, "591844565D88F7A55F42FF44CA7588CA"),
        (2047, 0x8CA0C94C7B9853D9, 0xE5164F258727F362, "B15DB859ACD71B5BE5164F258727F362"),
        (2048, 0xB853737A5756824E, 0x5A40DDB7763DABD4, "E6A2E1FB394C43B45A40DDB7763DABD4"),
        (2049, 0xCAB0B0F926ABB661, 0x6A80D20A54A86E12, "4F2A2C5008925EA76A80D20A54A86E12"),
        (4096, 0x85B62420CF67FE45, 0x02EDF90E5DE60EB6, "F4FBAA8362B9F3DD02EDF90E5DE60EB6"),
        (4097, 0xA8A3ECA76D79584A, 0xFC1579F153A1399C, "81EFFB0FF1ACEAD4FC1579F153A1399C"),
        (10000, 0x1AAE70C751D752E0, 0x363812E80F0064F6, "23A21AC17F3E567F363812E80F0064F6"),
    ];

    [Fact]
    public void The_digests_of_the_reference_library_come_out()
    {
        Assert.All(Vectors, vector =>
        {
            var message = Message(vector.Size);
            Assert.Equal(vector.Hash64, XxHash64.Compute(message));
            Assert.Equal(vector.Hash3, XxHash3.Compute(message));
            Assert.Equal(vector.Hash128, XxHash128.Compute(message).ToString("X32", null));
        });
    }

    [Fact]
    public void Appending_in_pieces_equals_computing_at_once()
    {
        var random = new Random(30);
        var message = Message(6000);
        XxHash64 hash64 = new();
        XxHash3 hash3 = new();
        XxHash128 hash128 = new();
        for (var round = 0; round < 300; round++)
        {
            var end = random.Next(message.Length);
            var longest = random.Next(1, 3000);
            hash64.Reset();
            hash3.Reset();
            hash128.Reset();
            for (var at = 0; at < end;)
            {
                var piece = message.AsSpan(at, Math.Min(random.Next(longest) + 1, end - at));
                hash64.Append(piece);
                hash3.Append(piece);
                hash128.Append(piece);
                at += piece.Length;
            }

            Assert.Equal(XxHash64.Compute(message.AsSpan(0, end)), hash64.Value);
            Assert.Equal(XxHash3.Compute(message.AsSpan(0, end)), hash3.Value);
            Assert.Equal(XxHash128.Compute(message.AsSpan(0, end)), hash128.Value);
        }
    }

    [Fact]
    public void A_digest_is_written_big_endian()
    {
        var digest = new byte[XxHash128.DigestSize];
        new XxHash128().WriteDigest(digest);
        Assert.Equal("99AA06D3014798D86001C324468D497F", Convert.ToHexString(digest));
    }

    [Fact]
    public void The_vector_loop_equals_the_scalar_loop()
    {
        Assert.SkipUnless(System.Runtime.Intrinsics.X86.Avx2.IsSupported, "needs AVX2");
        var message = Message(Xxh3Stripes.BlockSize);
        for (var size = 0; size <= message.Length; size += Xxh3Stripes.StripeSize)
        {
            var scalar = Xxh3Stripes.Start();
            var vector = Xxh3Stripes.Start();
            scalar.AddStripesByScalar(message.AsSpan(0, size));
            vector.AddStripesByAvx2(message.AsSpan(0, size));
            Assert.Equal(((ReadOnlySpan<ulong>)scalar).ToArray(), ((ReadOnlySpan<ulong>)vector).ToArray());
        }
    }

    private static byte[] Message(int size)
    {
        var message = new byte[size];
        for (var at = 0; at < size; at++)
        {
            message[at] = (byte)(at * at * 31 + at * 7 + (at >> 8) * 13 + 5);
        }

        return message;
    }
}
