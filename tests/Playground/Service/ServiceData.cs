namespace Bots.Playground.Service;

/// <summary>The service's data folder. The simulators forget everything, so the service must too.</summary>
internal static class ServiceData
{
    // Who it is and which sandboxes it started, so that it finds and removes what a killed predecessor left running.
    private static readonly string[] Kept = [Mark, "instance", "sandboxes"];

    private const string Mark = ".playground";

    /// <summary>Empties the folder.</summary>
    /// <exception cref="InvalidOperationException">It holds something else, or a running service uses it.</exception>
    public static void Empty(string folder)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any() && !File.Exists(Path.Combine(folder, Mark)))
            throw new InvalidOperationException($"{folder} holds files that are not a playground's. Choose another folder with --data.");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, Mark), "Emptied whenever the playground starts.\n");
        CheckFree(Path.Combine(folder, "lock"), folder);
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(e => !Kept.Contains(e.Name)))
        {
            if (entry is DirectoryInfo { LinkTarget: null } directory) directory.Delete(recursive: true);
            else entry.Delete();
        }
    }

    private static void CheckFree(string file, string folder)
    {
        try
        {
            using var taken = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new InvalidOperationException($"Another playground uses {folder}. Stop it, or choose another folder with --data.", e);
        }
    }
}
