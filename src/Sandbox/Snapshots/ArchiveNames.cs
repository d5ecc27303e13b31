using System.Globalization;
using System.Text;

namespace Bots.Sandbox.Snapshots;

/// <summary>Names as they stand in an archive. Its format ends a name at a line break, which a file's name may hold: control characters and percent signs are written as <c>%</c> and two hex digits.</summary>
internal static class ArchiveNames
{
    public static string Encode(string name)
    {
        if (!name.Any(NeedsCode)) return name;

        var text = new StringBuilder();
        foreach (var character in name)
        {
            if (NeedsCode(character)) text.Append(CultureInfo.InvariantCulture, $"%{(int)character:X2}");
            else text.Append(character);
        }

        return text.ToString();
    }

    /// <exception cref="InvalidDataException">It is none that <see cref="Encode"/> makes.</exception>
    public static string Decode(string name)
    {
        if (!name.Contains('%')) return name;

        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] != '%')
            {
                text.Append(name[i]);
                continue;
            }

            if (i + 2 >= name.Length || !byte.TryParse(name.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || !NeedsCode((char)code))
                throw new InvalidDataException($"The archive has a name that is not ours: {name}.");
            text.Append((char)code);
            i += 2;
        }

        return text.ToString();
    }

    static bool NeedsCode(char character) => character is < ' ' or '%' or '\x7f';
}
