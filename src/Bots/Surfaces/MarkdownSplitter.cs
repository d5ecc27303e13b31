using System.Text;
using System.Text.RegularExpressions;

namespace Bots.Surfaces;

/// <summary>Splits Markdown into pieces that each stand for themselves: between paragraphs where it can, and a code block that has to be divided is closed and opened again. Pure.</summary>
public static partial class MarkdownSplitter
{
    /// <summary>Pieces of at most <paramref name="limit"/> characters (200 at least), none blank.</summary>
    public static IReadOnlyList<string> Split(string markdown, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 200);
        var pieces = new Pieces(limit);
        foreach (var whole in markdown.ReplaceLineEndings("\n").Split('\n'))
        foreach (var line in Lines(whole, limit / 2)) pieces.Add(line);
        return pieces.End();
    }

    /// <summary>A line that is too long is cut after a blank where there is one, never inside a surrogate pair.</summary>
    private static IEnumerable<string> Lines(string line, int limit)
    {
        while (line.Length > limit)
        {
            var space = line.LastIndexOf(' ', limit - 1) + 1;
            var cut = VisibleText.Cut(line, space > limit / 2 ? space : limit);
            yield return cut;
            line = line[cut.Length..];
        }

        yield return line;
    }

    [GeneratedRegex(@"^(?<indent>[ \t]*)(?<fence>`{3,}|~{3,})(?<info>[^`]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Fence();

    private sealed class Pieces(int limit)
    {
        private readonly List<string> _done = [];
        private readonly StringBuilder _current = new();

        /// <summary>The line that opened the code block we are in; null outside.</summary>
        private Match? _open;

        /// <summary>Where the last paragraph of the piece ended.</summary>
        private int _paragraph;

        public void Add(string line)
        {
            var fence = Fence().Match(line);
            var closes = _open is not null && fence.Success && Closes(_open, fence);
            // A fence that is to be closed needs its room, and an opening one that of its closing.
            var room = limit - _current.Length - (_open is not null && !closes ? Closing(_open).Length + 1 : 0) - (_open is null && fence.Success ? fence.Length + 1 : 0);
            if (line.Length > room) Flush();
            _current.Append(line).Append('\n');
            if (closes) _open = null;
            else if (_open is null && fence.Success) _open = fence;
            if (_open is null && string.IsNullOrWhiteSpace(line)) _paragraph = _current.Length;
        }

        public IReadOnlyList<string> End()
        {
            Finish(_current.ToString());
            return _done;
        }

        private void Flush()
        {
            var text = _current.ToString();
            _current.Clear();
            if (_paragraph > limit / 2)
            {
                Finish(text[.._paragraph]);
                _current.Append(text, _paragraph, text.Length - _paragraph);
            }
            else if (_open is null)
            {
                Finish(text);
            }
            else
            {
                Finish(text + Closing(_open));
                _current.Append(_open.Groups["fence"].Value).Append(_open.Groups["info"].Value).Append('\n');
            }

            _paragraph = 0;
        }

        private void Finish(string piece)
        {
            if (!string.IsNullOrWhiteSpace(piece)) _done.Add(piece.Trim('\n'));
        }

        private static string Closing(Match open) => open.Groups["indent"].Value + open.Groups["fence"].Value;

        private static bool Closes(Match open, Match fence) =>
            fence.Groups["fence"].Value.StartsWith(open.Groups["fence"].Value, StringComparison.Ordinal) && string.IsNullOrWhiteSpace(fence.Groups["info"].Value);
    }
}
