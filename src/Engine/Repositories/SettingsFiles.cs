using Bots.Engine.Forges;

namespace Bots.Engine.Repositories;

/// <summary>The files a repository's settings are in, and how they are put together.</summary>
internal static class SettingsFiles
{
    private static readonly string[] Own = [".bots.yml", ".bots.yaml"];
    private static readonly string[] DevContainers = [".devcontainer/devcontainer.json", ".devcontainer.json"];

    /// <param name="read">Gives a file of the default branch; null when there is none.</param>
    public static async Task<RepositorySettings> Read(Func<string, CancellationToken, Task<ForgeFile?>> read, CancellationToken cancellation)
    {
        var files = await Task.WhenAll(Own.Concat(DevContainers).Select(async path => (Path: path, File: await read(path, cancellation))));
        var own = files[..Own.Length].Where(f => f.File is not null).ToList();
        var settings = own is [var first, ..] ? BotsFile.Read(first.Path, first.File!.Text) : RepositorySettings.Default;
        if (own.Count > 1) settings = settings with { Remarks = [.. settings.Remarks, $"{own[1].Path}: only {own[0].Path} is read. Take one of the two out."] };
        return Array.Find(files[Own.Length..], f => f.File is not null) is ({ } path, { } container)
            ? Merge(settings, DevContainer.Read(path, container.Text))
            : Final(settings);
    }

    /// <summary>What <c>.bots.yml</c> says wins, key by key; variables one by one.</summary>
    internal static RepositorySettings Merge(RepositorySettings own, RepositorySettings container) => Final(own with
    {
        Image = own.Image ?? container.Image,
        Setup = own.Setup ?? container.Setup,
        Start = own.Start ?? container.Start,
        Environment = container.Environment.Concat(own.Environment).GroupBy(e => e.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last().Value, StringComparer.Ordinal),
        Remarks = [.. own.Remarks, .. container.Remarks],
    });

    /// <summary>An empty text says: nothing, whatever the devcontainer has.</summary>
    private static RepositorySettings Final(RepositorySettings settings) =>
        settings with { Image = Some(settings.Image), Setup = Some(settings.Setup), Start = Some(settings.Start) };

    private static string? Some(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
