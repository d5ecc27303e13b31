using Bots.Sandbox.Linux;

namespace Bots.Sandbox.Tests;

public sealed class FileOwnerTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_folder_is_given_away_with_all_in_it_but_nothing_its_links_point_to()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can give files away.");
        var root = Directory.CreateTempSubdirectory("bots-");
        try
        {
            var outside = root.CreateSubdirectory("outside");
            var file = Path.Combine(outside.FullName, "file");
            await File.WriteAllTextAsync(file, "", Cancellation);
            var given = root.CreateSubdirectory("given");
            given.CreateSubdirectory("deep/er");
            var links = new[] { ("folder", outside.FullName), ("deep/file", file), ("nowhere", "/nowhere/at/all") };
            foreach (var (name, target) in links) File.CreateSymbolicLink(Path.Combine(given.FullName, name), target);

            await FileOwner.Give(given.FullName, 1000, 1000, Cancellation);

            string[] all = ["", "deep", "deep/er", "folder", "deep/file", "nowhere"];
            all.Select(name => FileOwner.Owner(Path.Combine(given.FullName, name).TrimEnd('/'))).ShouldAllBe(owner => owner == 1000);
            new[] { outside.FullName, file }.Select(FileOwner.Owner).ShouldAllBe(owner => owner == 0);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }
}
