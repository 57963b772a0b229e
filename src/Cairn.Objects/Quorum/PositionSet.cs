using System.Numerics;

namespace Cairn.Objects.Quorum;

/// <summary>A set of positions in a partition (which are shard indexes too), as bits.</summary>
internal readonly record struct PositionSet(uint Bits)
{
    public static PositionSet None => default;

    public int Count => BitOperations.PopCount(Bits);

    public bool IsEmpty => Bits == 0;

    public static PositionSet First(int count) => new(count >= 32 ? uint.MaxValue : (1u << count) - 1u);

    public static PositionSet Of(int position) => new(1u << position);

    public bool Contains(int position) => (Bits & (1u << position)) != 0;

    public PositionSet With(int position) => new(Bits | (1u << position));

    public PositionSet Without(int position) => new(Bits & ~(1u << position));

    public static PositionSet operator |(PositionSet left, PositionSet right) => new(left.Bits | right.Bits);

    public static PositionSet operator &(PositionSet left, PositionSet right) => new(left.Bits & right.Bits);

    public static PositionSet operator -(PositionSet left, PositionSet right) => new(left.Bits & ~right.Bits);

    public Enumerator GetEnumerator() => new(Bits);

    public struct Enumerator(uint bits)
    {
        private uint _rest = bits;

        public int Current { get; private set; }

        public bool MoveNext()
        {
            if (_rest == 0)
            {
                return false;
            }

            Current = BitOperations.TrailingZeroCount(_rest);
            _rest &= _rest - 1;
            return true;
        }
    }
}
