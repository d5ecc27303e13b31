using System.Text;

namespace Bots.Sandbox.Linux;

/// <summary>A process, told apart from a later one with the same number by when it was started.</summary>
/// <param name="StartTime">In clock ticks since boot, as in <c>/proc/PID/stat</c>.</param>
internal sealed record HostProcess(int Id, long StartTime)
{
    public bool Runs => Find(Id) == this;

    /// <returns>Null when there is no such process, or only its remains.</returns>
    public static HostProcess? Find(int id)
    {
        // proc(5): the name is in parentheses and may hold anything; the state is the 3rd field, the start time the 22nd.
        if (Read(id, "stat") is not { } stat) return null;
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is "Z" or "X" ? null : new HostProcess(id, long.Parse(fields[19]));
    }

    /// <summary>All processes whose command line ends with these arguments.</summary>
    public static IEnumerable<HostProcess> FindByLastArguments(params string[] arguments) =>
        from folder in Directory.EnumerateDirectories("/proc")
        let id = int.TryParse(Path.GetFileName(folder), out var number) ? number : 0
        where id > 0 && Read(id, "cmdline") is { } line && line.EndsWith('\0' + string.Join('\0', arguments) + '\0', StringComparison.Ordinal)
        let process = Find(id)
        where process is not null
        select process;

    /// <summary>The numbers of this process and of all it started, as far as they can be told at one moment.</summary>
    public IEnumerable<int> Tree() => Tree(Id);

    /// <summary>Ends it by force and waits until it is gone.</summary>
    /// <returns>False when it is still there after the time given.</returns>
    public async Task<bool> Kill(TimeSpan timeout)
    {
        using var handle = PidFd.Open(Id);
        if (handle is null || !Runs) return true;

        handle.Kill();
        return await handle.WaitForEnd(timeout);
    }

    static IEnumerable<int> Tree(int id) => Children(id).SelectMany(Tree).Prepend(id);

    static IEnumerable<int> Children(int id)
    {
        try
        {
            // proc(5): for each thread, the processes it started.
            return [.. from task in Directory.GetDirectories($"/proc/{id}/task") from child in Words(id, $"task/{Path.GetFileName(task)}/children") select int.Parse(child)];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    static string[] Words(int id, string file) => Read(id, file)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Ends it by force, without waiting; that it is gone is no error.</summary>
    public void Kill()
    {
        using var handle = PidFd.Open(Id);
        if (handle is not null && Runs) handle.Kill();
    }

    static string? Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}", Encoding.UTF8);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
