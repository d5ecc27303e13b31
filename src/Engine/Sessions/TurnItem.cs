using System.Collections.Immutable;

namespace Bots.Engine.Sessions;

/// <summary>A part of what the agent said and did.</summary>
public abstract record TurnItem
{
    private TurnItem()
    {
    }

    /// <summary>Text that came in pieces. Adding one costs the same however much there is already.</summary>
    public sealed record Text : TurnItem
    {
        /// <summary>Each more than twice as long as the next, so that they are few, and none is copied often.</summary>
        private readonly ImmutableArray<string> _pieces;

        public Text(string value)
            : this([value])
        {
        }

        private Text(ImmutableArray<string> pieces) => _pieces = pieces;

        public string Value => string.Concat(_pieces.AsSpan());

        public Text Then(string more)
        {
            var kept = _pieces.Length;
            for (var length = more.Length; kept > 0 && _pieces[kept - 1].Length <= 2 * length; kept--) length += _pieces[kept - 1].Length;
            return new Text([.. _pieces.AsSpan()[..kept], string.Concat(string.Concat(_pieces.AsSpan()[kept..]), more)]);
        }

        public bool Equals(Text? other) => other is not null && Value == other.Value;

        public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);
    }

    public sealed record Tool(ToolCall Call) : TurnItem;
}
