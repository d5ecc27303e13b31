namespace Bots.Gateway;

/// <summary>Words that a sandbox chose, made fit for a log line or an error text.</summary>
internal static class Printable
{
    private const int MaxLength = 100;

    public static string Of(string text, int maxLength = MaxLength) =>
        string.Concat(text.Take(maxLength).Select(c => char.IsControl(c) ? '?' : c)) + (text.Length > maxLength ? "…" : "");
}
