using System.Globalization;
using System.Text;

namespace Bots.Surfaces;

/// <summary>Makes characters visible that could make an approver read something other than what is run.</summary>
public static class VisibleText
{
    /// <summary>Control, direction-changing and zero-width characters become <c>⟨U+202E⟩</c>; line breaks and tabs stay.</summary>
    public static string Of(string text)
    {
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        if (!text.AsSpan().ContainsAnyExcept(Harmless)) return text;
        var visible = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Hides(rune)) visible.Append($"⟨U+{rune.Value:X4}⟩");
            else visible.Append(rune);
        }

        return visible.ToString();
    }

    /// <summary>At most <paramref name="length"/> characters, never half of a surrogate pair.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length) return text;
        return char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..length];
    }

    /// <summary>At most <paramref name="length"/> characters, the ellipsis of what was left out included.</summary>
    public static string Shorten(string text, int length) => text.Length <= length ? text : Cut(text, length - 1) + "…";

    /// <summary>All white space as single blanks, shortened.</summary>
    public static string OneLine(string text, int length) =>
        Shorten(string.Join(' ', Shorten(text, 4 * length).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), length);

    private static readonly System.Buffers.SearchValues<char> Harmless =
        System.Buffers.SearchValues.Create([.. Enumerable.Range(0x20, 0x5F).Select(i => (char)i), '\n', '\t']);

    private static bool Hides(Rune rune) =>
        rune.Value is not ('\n' or '\t') && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
