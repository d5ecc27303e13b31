namespace Bots.Engine.Permissions;

/// <summary>
/// What was found in a command that may be run. Bounded: rules are compared with all of it while nobody else can write to the store, and
/// it grows with the square of the command when that tells one program to run another again and again.
/// </summary>
internal sealed class CommandParts
{
    /// <summary>All texts together. Sixteen times the longest command that is understood.</summary>
    public const int MostCharacters = 16 * ShellCommand.MostCharacters;

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    private int _characters;

    /// <summary>True when there was more than is kept, so that nobody knows what else would be run.</summary>
    public bool IsTooMuch => _characters > MostCharacters;

    public IReadOnlySet<string> Texts => _texts;

    public void Add(string text)
    {
        if (IsTooMuch) return;
        _characters += text.Length + 1;
        if (!IsTooMuch) _texts.Add(text);
    }
}
