using System.Text;

namespace Bots.Slack.Rendering;

/// <summary>Splits mrkdwn into pieces that each stand for themselves: code blocks are closed and reopened, links and escapes stay whole. Pure.</summary>
internal static class MrkdwnSplitter
{
    private const string Fence = "```";
    private const int FenceRoom = 2 * (3 + 1);

    /// <summary>A code block that would begin with less room than this begins in the next piece.</summary>
    private const int LeastCode = 200;

    private const int LongestEscape = 8;

    /// <summary>Pieces of at most <paramref name="limit"/> characters, none blank.</summary>
    public static IReadOnlyList<string> Split(string mrkdwn, int limit)
    {
        var pieces = new List<string>();
        var current = new StringBuilder();
        var inCode = false;
        foreach (var whole in mrkdwn.Split('\n'))
        {
            var isFence = whole == Fence;
            foreach (var line in isFence ? [whole] : Lines(whole, limit - FenceRoom - 1))
            {
                var room = limit - current.Length - 1 - (inCode || isFence ? Fence.Length + 1 : 0);
                var full = isFence && !inCode ? room < Math.Min(LeastCode, limit / 2) : !isFence && line.Length > room;
                if (full && current.Length > 0) Flush(pieces, current, inCode);
                if (current.Length > 0) current.Append('\n');
                current.Append(line);
            }

            if (isFence) inCode = !inCode;
        }

        Flush(pieces, current, inCode);
        return pieces;
    }

    /// <summary>Where to cut a text of more than <paramref name="limit"/> characters: after a space if there is one near, never inside <c>&lt;…&gt;</c>, <c>&amp;…;</c> or a surrogate pair.</summary>
    public static int CutAt(string text, int limit)
    {
        var (space, safe) = (0, 0);
        for (var i = 0; i < text.Length && i <= limit;)
        {
            safe = i;
            if (i > 0 && text[i - 1] == ' ') space = i;
            i += text[i] switch
            {
                '<' => Through(text, i, '>', text.Length),
                '&' => Through(text, i, ';', LongestEscape),
                var c when char.IsHighSurrogate(c) => 2,
                _ => 1,
            };
        }

        var cut = space > limit * 3 / 4 ? space : safe;
        return cut > 0 ? cut : Math.Min(limit, text.Length);
    }

    private static int Through(string text, int start, char end, int most)
    {
        var index = text.IndexOf(end, start, Math.Min(most, text.Length - start));
        return index < 0 ? 1 : index - start + 1;
    }

    private static IEnumerable<string> Lines(string line, int limit)
    {
        while (line.Length > limit)
        {
            var cut = CutAt(line, limit);
            yield return line[..cut];
            line = line[cut..];
        }

        yield return line;
    }

    private static void Flush(List<string> pieces, StringBuilder current, bool inCode)
    {
        if (inCode) current.Append('\n').Append(Fence);
        var piece = current.ToString().Trim('\n');
        if (!string.IsNullOrWhiteSpace(piece)) pieces.Add(piece);
        current.Clear();
        if (inCode) current.Append(Fence);
    }
}
