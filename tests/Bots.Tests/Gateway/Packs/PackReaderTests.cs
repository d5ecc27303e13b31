using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Bots.Gateway.Packs;

namespace Bots.Tests.Gateway.Packs;

public sealed class PackReaderTests : IAsyncLifetime
{
    private const long Plenty = 1L << 32;
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly string _home = Directory.CreateTempSubdirectory("pack").FullName;

    private string Pack => Directory.GetFiles(Path.Combine(_home, ".git/objects/pack"), "*.pack").Single();

    public async ValueTask InitializeAsync()
    {
        await Git.Run(_home, "init", "--initial-branch=main", ".");
        await Commit("base");
        await Git.Run(_home, "checkout", "-b", "side");
        await Commit("side");
        await Git.Run(_home, "checkout", "main");
        for (var i = 0; i < 6; i++) await Commit($"main{i}");
        await Git.Run(_home, "merge", "--no-edit", "side");
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_home, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("-adf", "--depth=0")]
    [InlineData("-adf", "--depth=50")]
    public async Task Every_commit_of_a_real_pack_is_found_with_its_parents(params string[] options)
    {
        await Git.Run(_home, ["repack", .. options, "--window=50"]);
        (await Git.Run(_home, "verify-pack", "-v", Pack)).Split('\n').Any(line => line.Contains(" commit ") && line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length > 5)
            .ShouldBe(options[1] != "--depth=0", "commits that are deltas");
        await using var pack = File.OpenRead(Pack);

        await Agree(PackReader.Commits(pack, sha256: false, Plenty, Cancellation));
    }

    [Fact]
    public async Task Deltas_that_name_their_base_by_id_are_resolved_wherever_it_stands()
    {
        await Git.Run(_home, "-c", "repack.useDeltaBaseOffset=false", "repack", "-adf", "--depth=50", "--window=50");
        await using var pack = File.OpenRead(Pack);

        await Agree(PackReader.Commits(pack, sha256: false, Plenty, Cancellation));
    }

    [Fact]
    public async Task Objects_named_by_sha256_are_read_too()
    {
        var other = Directory.CreateDirectory(Path.Combine(_home, "sha256")).FullName;
        await Git.Run(other, "init", "--object-format=sha256", ".");
        await Git.Run(other, "commit", "--allow-empty", "-m", "one");
        await Git.Run(other, "commit", "--allow-empty", "-m", "two");
        await Git.Run(other, "repack", "-ad");
        await using var pack = File.OpenRead(Directory.GetFiles(Path.Combine(other, ".git/objects/pack"), "*.pack").Single());

        var commits = PackReader.Commits(pack, sha256: true, Plenty, Cancellation);

        commits.Select(commit => string.Join(' ', [commit.Key, .. commit.Value])).ShouldBe(Lines(await Git.Run(other, "rev-list", "--parents", "HEAD")), ignoreOrder: true);
    }

    [Fact]
    public void Wherever_a_compressed_object_ends_the_next_one_is_found()
    {
        // Contents whose checksum may stand in the compressed bytes as well, and pieces of every length.
        var blobs = Enumerable.Range(0, 300).Select(n => new byte[n]).Concat(Enumerable.Range(0, 300).Select(RandomNumberGenerator.GetBytes)).ToList();
        var commit = Encoding.ASCII.GetBytes($"tree {new string('a', 40)}\nauthor A <a@b> 1 +0000\n\nlast\n");
        foreach (var level in new[] { CompressionLevel.NoCompression, CompressionLevel.Optimal })
        {
            var pack = Write([.. blobs.Select(blob => (3, blob)), (1, commit)], level);

            PackReader.Commits(new MemoryStream(pack), sha256: false, Plenty, Cancellation).Count.ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_pack_that_was_cut_anywhere_is_refused()
    {
        await Git.Run(_home, "repack", "-adf", "--depth=50");
        var whole = await File.ReadAllBytesAsync(Pack, TestContext.Current.CancellationToken);

        for (var length = 0; length < whole.Length; length += length < 400 ? 1 : 37)
            Should.Throw<FormatException>(() => PackReader.Commits(new MemoryStream(whole[..length]), sha256: false, Plenty, Cancellation), $"cut at {length}");
        Should.Throw<FormatException>(() => PackReader.Commits(new MemoryStream([.. whole, 0]), sha256: false, Plenty, Cancellation));
    }

    [Fact]
    public async Task A_pack_with_wrong_bytes_is_refused_or_read_and_nothing_else()
    {
        await Git.Run(_home, "repack", "-adf", "--depth=50");
        var whole = await File.ReadAllBytesAsync(Pack, TestContext.Current.CancellationToken);
        var random = new Random(20260304);
        var refused = 0;
        for (var round = 0; round < 2000; round++)
        {
            var broken = (byte[])whole.Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--) broken[random.Next(broken.Length - 20)] = (byte)random.Next(256);
            try
            {
                PackReader.Commits(new MemoryStream(broken), sha256: false, 1 << 24, Cancellation);
            }
            catch (FormatException)
            {
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(1500);
    }

    [Fact]
    public void Noise_is_no_pack()
    {
        var random = new Random(7);
        for (var round = 0; round < 2000; round++)
        {
            var noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            if (noise.Length > 12 && round % 2 == 0) "PACK\0\0\0\x02\0\0\0\x03"u8.CopyTo(noise);

            Should.Throw<FormatException>(() => PackReader.Commits(new MemoryStream(noise), sha256: false, 1 << 24, Cancellation));
        }
    }

    [Fact]
    public void A_small_pack_with_endless_contents_is_refused()
    {
        var pack = Write([(3, new byte[10_000_000])], CompressionLevel.SmallestSize);

        Should.Throw<FormatException>(() => PackReader.Commits(new MemoryStream(pack), sha256: false, 1_000_000, Cancellation)).Message.ShouldContain("too large");
    }

    [Theory]
    [InlineData("tree x\n")]
    [InlineData("tree aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nparent short\n")]
    [InlineData("parent aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n")]
    public void What_is_no_commit_is_refused(string content) =>
        Should.Throw<FormatException>(() => PackReader.Commits(new MemoryStream(Write([(1, Encoding.ASCII.GetBytes(content))], CompressionLevel.Optimal)), sha256: false, Plenty, Cancellation));

    private async Task Agree(IReadOnlyDictionary<string, IReadOnlyList<string>> commits) =>
        commits.Select(commit => string.Join(' ', [commit.Key, .. commit.Value])).ShouldBe(Lines(await Git.Run(_home, "rev-list", "--parents", "--all")), ignoreOrder: true);

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task Commit(string name)
    {
        await File.WriteAllTextAsync(Path.Combine(_home, name), name, TestContext.Current.CancellationToken);
        await Git.Run(_home, "add", ".");
        // Long and alike, so that git stores one as the difference to another.
        await Git.Run(_home, "commit", "-m", name + "\n\n" + string.Join('\n', Enumerable.Range(0, 60).Select(n => $"The same long story, line {n * 7919 % 1000}, told again and again.")));
    }

    private static byte[] Write(IReadOnlyList<(int Kind, byte[] Content)> objects, CompressionLevel level)
    {
        var pack = new PackWriter(level);
        foreach (var (kind, content) in objects) pack.Add(kind, content);
        return pack.ToArray();
    }
}
