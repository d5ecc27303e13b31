namespace Bots.Playground.Service;

/// <summary>Shows the service's lines beside the playground's own: dimmed, behind a mark.</summary>
internal sealed class ServiceLog(TextWriter output, bool colours)
{
    private const int Remembered = 40;

    private readonly Lock _lock = new();
    private readonly Queue<string> _last = new();

    /// <summary>The last lines, for when it did not start.</summary>
    public IReadOnlyList<string> Last
    {
        get
        {
            lock (_lock) return [.. _last];
        }
    }

    public void Write(string line)
    {
        lock (_lock)
        {
            _last.Enqueue(line);
            if (_last.Count > Remembered) _last.Dequeue();
            output.WriteLine(Format(line, colours));
        }
    }

    /// <summary>Warnings and errors keep their brightness.</summary>
    internal static string Format(string line, bool colours)
    {
        if (!colours) return $"service │ {line}";
        var bright = line.StartsWith("warn:", StringComparison.Ordinal) || line.StartsWith("fail:", StringComparison.Ordinal) || line.StartsWith("crit:", StringComparison.Ordinal);
        return bright ? $"\e[2mservice │\e[0m \e[33m{line}\e[0m" : $"\e[2mservice │ {line}\e[0m";
    }
}
