namespace Bots.Playground.Service;

/// <summary>Shows the service's lines beside the playground's own: dimmed, behind a mark.</summary>
internal sealed class ServiceLog(TextWriter output, bool colours)
{
    private readonly Lock _lock = new();

    public void Write(string line)
    {
        lock (_lock) output.WriteLine(Format(line, colours));
    }

    /// <summary>Warnings and errors keep their brightness.</summary>
    internal static string Format(string line, bool colours)
    {
        if (!colours) return $"service │ {line}";
        var bright = line.StartsWith("warn:", StringComparison.Ordinal) || line.StartsWith("fail:", StringComparison.Ordinal) || line.StartsWith("crit:", StringComparison.Ordinal);
        return bright ? $"\e[2mservice │\e[0m \e[33m{line}\e[0m" : $"\e[2mservice │ {line}\e[0m";
    }
}
