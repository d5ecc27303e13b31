namespace Bots.Engine.Repositories;

/// <summary>A piece of a YAML file, with its place.</summary>
internal abstract record YamlNode(Place At)
{
    /// <summary>What it is, in words people read.</summary>
    public abstract string Shape { get; }

    /// <param name="IsNull">True for an empty value, <c>~</c> and <c>null</c>.</param>
    public sealed record Scalar(Place At, string Text, bool IsNull) : YamlNode(At)
    {
        public override string Shape => IsNull ? "empty" : "a text";
    }

    public sealed record List(Place At, IReadOnlyList<YamlNode> Items) : YamlNode(At)
    {
        public override string Shape => "a list";
    }

    public sealed record Map(Place At, IReadOnlyList<KeyValuePair<Scalar, YamlNode>> Entries) : YamlNode(At)
    {
        /// <summary>Keys of entries that are left out, since the key was there already; null for one whose key could not be read.</summary>
        public IReadOnlyList<string?> Dropped { get; init; } = [];

        public override string Shape => "a mapping";
    }

    /// <summary>Something this file must not hold; it was remarked on.</summary>
    public sealed record Refused(Place At) : YamlNode(At)
    {
        public override string Shape => "refused";
    }
}
