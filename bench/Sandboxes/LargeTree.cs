namespace Bots.Bench.Sandboxes;

/// <summary>A tree of the size of a large repository's clone.</summary>
internal static class LargeTree
{
    private const int Folders = 500;
    private const int FilesEach = 100;
    private const int FileSize = 20_000;

    /// <summary>One of its files, as a path from its top.</summary>
    public const string SomeFile = "folder-250/deeper/file-50";

    public static string Make(string path)
    {
        var content = new byte[FileSize];
        Random.Shared.NextBytes(content);
        for (var folder = 0; folder < Folders; folder++)
        {
            var place = Directory.CreateDirectory(Path.Combine(path, $"folder-{folder}", "deeper")).FullName;
            for (var file = 0; file < FilesEach; file++) File.WriteAllBytes(Path.Combine(place, $"file-{file}"), content);
        }

        return path;
    }
}
