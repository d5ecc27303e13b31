using System.Buffers;
using System.Text;
using Bots.Sandbox.Wire;
using Bots.Sidecar.Control;
using Bots.Sidecar.Processes;

namespace Bots.Sandbox.Tests;

/// <summary>What the sidecar decides by itself.</summary>
public sealed class SidecarPartsTests
{
    const int Part = 16;
    int _changes;

    [Theory]
    [InlineData(1, 0.0, 10)]
    [InlineData(1, 1.0, 20)]
    [InlineData(2, 1.0, 40)]
    [InlineData(5, 0.5, 240)]
    [InlineData(7, 1.0, 1000)]
    [InlineData(1_000_000, 1.0, 1000)]
    [InlineData(1_000_000, 0.0, 500)]
    public void Pauses_grow_up_to_a_second_and_are_shortened_by_chance(int failures, double chance, int milliseconds) =>
        Backoff.Pause(failures, chance).TotalMilliseconds.ShouldBe(milliseconds);

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("one\ntwo\r\n\nthree")]
    [InlineData("exactly sixteen!\nexactly sixteen!")]
    [InlineData("a carriage ret\r\rurn within, at the edge of a part\r\n")]
    [InlineData("äöüß€😀äöüß€😀äöüß€😀äöüß€😀äöüß€😀äöüß€😀\nx")]
    public async Task Lines_are_whole_however_they_arrive(string text)
    {
        string[] expected = text.Length == 0 ? [] : [.. text.TrimEnd('\n').Split('\n').Select(l => l.EndsWith('\r') ? l[..^1] : l)];
        if (text == "\n") expected = [""];

        foreach (var size in new[] { 1, 2, 3, 7, 16, 1000 })
        {
            var (lines, dropped, _) = await Read(Encoding.UTF8.GetBytes(text), size, limit: 1000);

            lines.ShouldBe(expected);
            dropped.ShouldBe(0);
        }
    }

    [Theory]
    [InlineData(79)]
    [InlineData(80)]
    [InlineData(81)]
    [InlineData(96)]
    [InlineData(97)]
    [InlineData(1000)]
    public async Task Of_a_long_line_the_beginning_and_the_end_are_kept_and_the_rest_is_counted(int length)
    {
        var text = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 26))));
        foreach (var size in new[] { 1, 7, 1000 })
        {
            var (lines, dropped, longest) = await Read(Encoding.UTF8.GetBytes(text + "\nnext"), size, limit: 80);

            var kept = lines[0].Length;
            (kept + dropped).ShouldBe(length);
            kept.ShouldBeLessThanOrEqualTo(80 + Part);
            lines[0].ShouldBe(dropped == 0 ? text : text[..48] + text[^(kept - 48)..]);
            lines[1].ShouldBe("next");
            longest.ShouldBeLessThanOrEqualTo(2 * Part);
        }
    }

    [Fact]
    public async Task The_middle_is_cut_between_characters()
    {
        var (lines, dropped, _) = await Read(Encoding.UTF8.GetBytes(new string('€', 500)), 7, limit: 80);

        lines.ShouldHaveSingleItem().ShouldMatch("^€+$");
        ((lines[0].Length * 3) + dropped).ShouldBe(1500);
    }

    [Fact]
    public async Task A_full_log_makes_the_writer_wait_until_there_is_room()
    {
        var log = new OutputLog(200, () => _changes++);
        await log.Append(OutputKind.Line, new byte[100]);
        await log.Append(OutputKind.Line, new byte[100]);

        var waiting = log.Append(OutputKind.Line, "third"u8.ToArray()).AsTask();
        waiting.IsCompleted.ShouldBeFalse();
        log.Acknowledge(1);
        await waiting;

        Texts(log, after: 2).ShouldBe(["third"]);
        _changes.ShouldBe(4);
    }

    [Fact]
    public async Task A_line_that_has_begun_does_not_wait_and_no_error_comes_within_it()
    {
        var log = new OutputLog(200, () => { });
        await log.Append(OutputKind.Part, new byte[300]);

        log.AppendError("wrong"u8, dropped: 0);
        await log.Append(OutputKind.Part, new byte[300], begun: true);
        await log.Append(OutputKind.Line, new byte[3], begun: true);

        Kinds(log).ShouldBe([OutputKind.Part, OutputKind.Part, OutputKind.Line, OutputKind.ErrorLine]);
    }

    [Fact]
    public void Errors_never_wait_the_last_are_kept_and_the_gap_is_told()
    {
        var log = new OutputLog(16_000, () => { });
        for (var i = 1; i <= 1000; i++) log.AppendError(Encoding.ASCII.GetBytes($"{i:0000}"), dropped: 0);
        var early = Texts(log, 0);

        log.Acknowledge(log.Last);

        early.ShouldBe(Enumerable.Range(1, early.Count).Select(i => $"{i:0000}"));
        Kinds(log, after: early.Count)[0].ShouldBe(OutputKind.Dropped);
        var late = Texts(log, early.Count + 1);
        late.ShouldBe(Enumerable.Range(1001 - late.Count, late.Count).Select(i => $"{i:0000}"));
        log.TryGet(early.Count, new ArrayBufferWriter<byte>(), out var gap).ShouldBeTrue();
        gap.DroppedLines.ShouldBe(1000 - early.Count - late.Count);
        gap.DroppedBytes.ShouldBe(gap.DroppedLines * 5);
    }

    [Fact]
    public async Task Who_discards_a_log_frees_who_waits_for_it()
    {
        var log = new OutputLog(100, () => { });
        await log.Append(OutputKind.Line, new byte[100]);
        var waiting = log.Append(OutputKind.Line, new byte[100]).AsTask();

        log.Close();

        await waiting;
        log.Last.ShouldBe(1);
    }

    [Fact]
    public void A_queue_gives_back_what_it_was_given_however_it_is_cut()
    {
        var random = new Random(3);
        var queue = new ByteQueue();
        var pieces = new Queue<(long Start, byte[] Bytes)>();
        for (var i = 0; i < 2000; i++)
        {
            var bytes = new byte[random.Next(random.Next(200_000))];
            random.NextBytes(bytes);
            pieces.Enqueue((queue.Add(bytes), bytes));
            while (pieces.Count > random.Next(20))
            {
                var (start, expected) = pieces.Dequeue();
                var got = new byte[expected.Length];
                queue.CopyTo(start, got);
                got.AsSpan().SequenceEqual(expected).ShouldBeTrue();
                queue.LetGo(start + expected.Length);
            }
        }
    }

    static async Task<(List<string> Lines, long Dropped, int Longest)> Read(byte[] bytes, int size, int limit)
    {
        List<string> lines = [];
        var line = new StringBuilder();
        long dropped = 0;
        var longest = 0;
        await new LineReader(new Trickle(bytes, size), limit, Part).ReadAll(part =>
        {
            part.Begun.ShouldBe(line.Length > 0);
            line.Append(Encoding.UTF8.GetString(part.Bytes.Span));
            dropped += part.Dropped;
            longest = Math.Max(longest, part.Bytes.Length);
            if (!part.Ends) return ValueTask.CompletedTask;
            lines.Add(line.ToString());
            line.Clear();
            return ValueTask.CompletedTask;
        });
        return (lines, dropped, longest);
    }

    static List<string> Texts(OutputLog log, long after)
    {
        List<string> texts = [];
        var content = new ArrayBufferWriter<byte>();
        for (; log.TryGet(after, content, out var entry); after = entry.Number)
        {
            texts.Add(Encoding.UTF8.GetString(content.WrittenSpan));
            content.ResetWrittenCount();
        }

        return texts;
    }

    static List<OutputKind> Kinds(OutputLog log, long after = 0)
    {
        List<OutputKind> kinds = [];
        for (; log.TryGet(after, new ArrayBufferWriter<byte>(), out var entry); after = entry.Number) kinds.Add(entry.Kind);
        return kinds;
    }

    /// <summary>Gives so many bytes at a time.</summary>
    sealed class Trickle(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, size)], cancellationToken);
    }
}
