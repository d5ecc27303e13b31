using System.Text;
using Bots.Gateway.Packs;

namespace Bots.Tests.Gateway.Packs;

/// <summary>Small packs whose deltas come to much.</summary>
public sealed class PackChainTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Each_delta_of_a_long_chain_is_made_once()
    {
        const int Links = 5000;
        var pack = Chain(length: 200, Links);

        // Twice each: once to get past it, once to make it.
        PackReader.Commits(new MemoryStream(pack), sha256: false, 300 * (Links + 2), Cancellation).Count.ShouldBe(Links + 1);
    }

    [Fact]
    public void What_deltas_come_to_counts()
    {
        var pack = Chain(length: 335_000, 100);
        pack.Length.ShouldBeLessThan(20_000);

        Should.Throw<FormatException>(() => PackReader.Commits(new MemoryStream(pack), sha256: false, 30_000_000, Cancellation)).Message.ShouldContain("too large to be checked");
        PackReader.Commits(new MemoryStream(pack), sha256: false, 40_000_000, Cancellation).Count.ShouldBe(101);
    }

    [Fact]
    public void Bases_that_all_have_to_be_kept_are_too_many_at_some_point()
    {
        // The second delta of each base waits until the whole chain on top of the first is made.
        const int Length = 1_000_000;
        var pack = new PackWriter();
        var at = pack.Add(1, Commit(Length));
        for (var n = 0; n < 80; n++)
        {
            var next = pack.AddDelta(at, PackWriter.Renumber(Length, 2 * n));
            pack.AddDelta(at, PackWriter.Renumber(Length, (2 * n) + 1));
            at = next;
        }

        Should.Throw<FormatException>(() => PackReader.Commits(new MemoryStream(pack.ToArray()), sha256: false, 1L << 32, Cancellation)).Message.ShouldContain("too deeply");
    }

    [Fact]
    public void More_parents_than_any_commits_have_are_refused()
    {
        var pack = new PackWriter();
        var parents = string.Concat(Enumerable.Range(0, 20_000).Select(n => $"parent {n:x40}\n"));
        for (var n = 0; n < 51; n++) pack.Add(1, Encoding.ASCII.GetBytes($"tree {n:x40}\n{parents}\n"));

        Should.Throw<FormatException>(() => PackReader.Commits(new MemoryStream(pack.ToArray()), sha256: false, 1L << 32, Cancellation)).Message.ShouldContain("too many parents");
    }

    [Theory]
    [InlineData(40)]
    [InlineData(400)]
    public void A_caller_that_has_gone_is_not_worked_for(int reads)
    {
        using var gone = new CancellationTokenSource();
        var pack = new Leaving(Chain(length: 200, 100), reads, gone);

        Should.Throw<OperationCanceledException>(() => PackReader.Commits(pack, sha256: false, 1L << 32, gone.Token));
        pack.ReadsAfter.ShouldBeLessThan(10);
    }

    private static byte[] Chain(int length, int links)
    {
        var pack = new PackWriter();
        var at = pack.Add(1, Commit(length));
        for (var n = 0; n < links; n++) at = pack.AddDelta(at, PackWriter.Renumber(length, n));
        return pack.ToArray();
    }

    private static byte[] Commit(int length) => Encoding.ASCII.GetBytes($"tree {new string('a', 40)}\nauthor A <a@b> 1 +0000\n\n".PadRight(length - 4, '.') + "none");

    /// <summary>Cancels on the way, and counts what is read in spite of it.</summary>
    private sealed class Leaving(byte[] content, int reads, CancellationTokenSource gone) : MemoryStream(content)
    {
        private int _reads;

        public int ReadsAfter => Math.Max(0, _reads - reads);

        public override int Read(Span<byte> buffer)
        {
            if (++_reads == reads) gone.Cancel();
            return base.Read(buffer);
        }
    }
}
