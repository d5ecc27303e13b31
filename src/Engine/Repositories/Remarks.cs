namespace Bots.Engine.Repositories;

/// <summary>A place in a file, both from 1.</summary>
internal sealed record Place(long Line, long Column);

/// <summary>Collects what is wrong with one file, in words people read.</summary>
internal sealed class Remarks(string file)
{
    /// <summary>So that a file that is all wrong does not fill a thread.</summary>
    public const int Most = 8;

    private readonly List<string> _all = [];

    private int _more;

    public IReadOnlyList<string> All => _more == 0 ? [.. _all] : [.. _all, $"{file}: {_more} more like these. Mend the first ones, and the next session shows what is left."];

    /// <param name="problem">What is wrong and how to mend it. Holds no value that may be a secret.</param>
    public void Add(Place at, string problem) => Add($"{file}, line {at.Line}, column {at.Column}: {problem}");

    /// <summary>Something that concerns no one place of the file.</summary>
    public void AddWhole(string problem) => Add($"{file}: {problem}");

    private void Add(string text)
    {
        if (_all.Count < Most) _all.Add(text);
        else _more++;
    }
}

/// <summary>A file that cannot be read at all.</summary>
internal sealed class UnreadableException(Place at, string problem) : Exception(problem)
{
    public Place At { get; } = at;
}
