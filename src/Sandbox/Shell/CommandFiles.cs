namespace Bots.Sandbox.Shell;

/// <summary>One command as files in the jail's folder: itself, its input, and two pipes for what it prints.</summary>
internal sealed class CommandFiles : IDisposable
{
    readonly string _path;
    readonly OutputPipe _output;
    readonly OutputPipe _error;

    CommandFiles(string path, long number, int limit)
    {
        _path = path;
        Number = number;
        _output = new OutputPipe(path + ".out", limit);
        _error = new OutputPipe(path + ".err", limit);
        Output = Error = new BoundedOutput(limit);
    }

    public long Number { get; }

    /// <summary>Empty until <see cref="Complete"/>.</summary>
    public BoundedOutput Output { get; private set; }

    public BoundedOutput Error { get; private set; }

    public static CommandFiles Write(JailFolder folder, long number, string command, string? input, int limit)
    {
        var path = Path.Combine(folder.Shell, $"{number}");
        File.WriteAllText(path + ".sh", command + "\n");
        File.WriteAllText(path + ".in", input);
        return new CommandFiles(path, number, limit);
    }

    /// <summary>The command has ended.</summary>
    public async Task Complete()
    {
        Output = await _output.Complete();
        Error = await _error.Complete();
    }

    /// <summary>Whatever the command left running has the files open, and needs their names no more.</summary>
    public void Dispose()
    {
        _output.Abandon();
        _error.Abandon();
        if (!Directory.Exists(Path.GetDirectoryName(_path))) return;

        foreach (var ending in (string[])[".sh", ".in", ".out", ".err"]) File.Delete(_path + ending);
    }
}
