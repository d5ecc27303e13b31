namespace Bots.Sidecar.Processes;

/// <summary>The processes of this sandbox, those that have ended and wait to be reaped left out.</summary>
internal static class ProcessList
{
    public readonly record struct Running(int Id, int Parent, int Session, string Name);

    public static List<Running> Read()
    {
        var all = new List<Running>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder.AsSpan()), out var id) || !TryReadStat(folder, out var stat)) continue;

            // proc(5): the name is in parentheses and may hold anything; state, parent, group and session follow it.
            var end = stat.LastIndexOf(')');
            var fields = stat[(end + 2)..].Split(' ');
            if (fields[0] is not ("Z" or "X")) all.Add(new(id, int.Parse(fields[1]), int.Parse(fields[3]), stat[(stat.IndexOf('(') + 1)..end]));
        }

        return all;
    }

    static bool TryReadStat(string folder, out string stat)
    {
        try
        {
            stat = File.ReadAllText(folder + "/stat");
            return true;
        }
        catch (IOException)
        {
            stat = "";
            return false;
        }
    }
}
