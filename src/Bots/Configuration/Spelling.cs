namespace Bots.Configuration;

/// <summary>Guesses what somebody meant to write.</summary>
internal static class Spelling
{
    /// <returns>The candidate that is closest to the word, or the only one that holds it, without regard to case; null when there is none.</returns>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        var known = candidates.ToList();
        var best = known
            .Select(candidate => (Text: candidate, Distance: Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .OrderBy(candidate => candidate.Distance)
            .FirstOrDefault();
        if (best.Text is not null && best.Distance <= Math.Max(1, best.Text.Length / 3)) return best.Text;
        return word.Length > 2 && known.Where(candidate => candidate.Contains(word, StringComparison.OrdinalIgnoreCase)).ToList() is [var holder] ? holder : null;
    }

    /// <summary>How many letters must be changed, added, left out or swapped with their neighbour.</summary>
    internal static int Distance(string left, string right)
    {
        var costs = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++) costs[i, 0] = i;
        for (var j = 0; j <= right.Length; j++) costs[0, j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var change = costs[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                costs[i, j] = Math.Min(change, Math.Min(costs[i - 1, j], costs[i, j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    costs[i, j] = Math.Min(costs[i, j], costs[i - 2, j - 2] + 1);
            }
        }

        return costs[left.Length, right.Length];
    }
}
