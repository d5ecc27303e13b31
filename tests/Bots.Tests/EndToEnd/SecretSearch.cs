using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Bots.Tests.EndToEnd;

/// <summary>Looks for words in all that a running sandbox holds, from the host, to which nothing of it is closed.</summary>
internal sealed class SecretSearch
{
    private const int Page = 4096;
    private const int Chunk = 16 << 20;
    private readonly IReadOnlyList<(string Name, byte[] Bytes)> _words;
    private readonly byte[] _buffer = new byte[Chunk];

    /// <param name="words">Searched for as UTF-8, and as UTF-16, in which .NET and JavaScript keep text.</param>
    public SecretSearch(IReadOnlyDictionary<string, string> words) =>
        _words = [.. words.SelectMany(w => new[] { (w.Key, Encoding.UTF8.GetBytes(w.Value)), (w.Key, Encoding.Unicode.GetBytes(w.Value)) })];

    /// <summary>The sidecar of a sandbox, and every other process in its process namespace but the first.</summary>
    public static (int Sidecar, IReadOnlyList<int> Others) Processes(string sandbox)
    {
        var sidecar = All().Single(p => Read(p, "comm") == "dotnet\n" && Read(p, "cmdline").EndsWith($"Bots.Sidecar.dll\0{sandbox}\0", StringComparison.Ordinal));
        var space = Space(sidecar);
        return (sidecar, [.. All().Where(p => p != sidecar && Space(p) == space && !Read(p, "cmdline").Contains("bwrap", StringComparison.Ordinal))]);
    }

    /// <summary>What a process was started with.</summary>
    public static string Environment(int process) => Read(process, "environ");

    /// <returns>The names of the words in the command line, environment and memory of a process.</returns>
    public IReadOnlySet<string> InProcess(int process)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        Look(Encoding.UTF8.GetBytes(Read(process, "cmdline") + Read(process, "environ")), found);
        Memory(process, part => Look(part, found));
        return found;
    }

    /// <summary>Tokens are 43 characters of base64url; all such in a process's memory, in either encoding.</summary>
    public IReadOnlySet<string> Tokens(int process)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        Memory(process, part =>
        {
            for (var stride = 1; stride <= 2; stride++)
                for (var start = 0; start < (stride == 1 ? 1 : 2); start++) Collect(part, start, stride, found);
        });
        return found;
    }

    /// <returns>The files of a process's file system, as it sees it, in which a word is, with the word's name. Only what changed since a moment before the words existed can hold one.</returns>
    public async Task<IReadOnlyList<string>> InFiles(int process, DateTimeOffset since)
    {
        var root = $"/proc/{process}/root";
        string[] skipped = [.. new[] { "proc", "sys", "dev/pts" }.SelectMany(p => new[] { "-path", $"{root}/{p}", "-prune", "-o" })];
        using var find = Process.Start(new ProcessStartInfo("find", [$"{root}/", .. skipped, "-type", "f", "-newerct", since.ToString("O", CultureInfo.InvariantCulture), "-print0"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        var errors = find.StandardError.ReadToEndAsync();
        var files = (await find.StandardOutput.ReadToEndAsync()).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        await errors;
        await find.WaitForExitAsync();
        var found = new List<string>();
        foreach (var file in files.Where(File.Exists))
        {
            var words = new HashSet<string>(StringComparer.Ordinal);
            Look(await File.ReadAllBytesAsync(file), words);
            found.AddRange(words.Select(w => $"{w} in {file[root.Length..]}"));
        }

        return found;
    }

    private void Memory(int process, Action<ReadOnlySpan<byte>> look)
    {
        using var memory = File.OpenHandle($"/proc/{process}/mem");
        using var pages = File.OpenHandle($"/proc/{process}/pagemap");
        foreach (var line in File.ReadLines($"/proc/{process}/maps").Where(l => l.Split(' ')[1][0] == 'r' && !l.EndsWith("[vvar]", StringComparison.Ordinal) && !l.Contains("[vvar_", StringComparison.Ordinal) && !l.EndsWith("[vsyscall]", StringComparison.Ordinal)))
        {
            var ends = line.Split(' ')[0].Split('-').Select(e => long.Parse(e, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
            foreach (var (from, to) in Present(pages, ends[0], ends[1]))
            {
                var count = RandomAccess.Read(memory, _buffer.AsSpan(0, (int)(to - from)), from);
                look(_buffer.AsSpan(0, count));
            }
        }
    }

    /// <summary>What of a range is in memory, in pieces of at most a chunk that overlap by a page: the rest holds nothing, and reading it would take it up.</summary>
    private static IEnumerable<(long From, long To)> Present(Microsoft.Win32.SafeHandles.SafeFileHandle pages, long start, long end)
    {
        var entries = new byte[Chunk / Page * 8];
        long? from = null;
        for (var at = start; at < end;)
        {
            var count = RandomAccess.Read(pages, entries.AsSpan(0, (int)Math.Min(entries.Length, (end - at) / Page * 8)), at / Page * 8) / 8;
            if (count == 0) break;
            for (var i = 0; i < count; i++, at += Page)
            {
                const ulong presentOrSwapped = 3UL << 62;
                var present = (BinaryPrimitives.ReadUInt64LittleEndian(entries.AsSpan(i * 8)) & presentOrSwapped) != 0;
                if (present) from ??= at;
                if (from is { } begin && (!present || at + Page - begin == Chunk))
                {
                    yield return (begin, present ? at + Page : at);
                    from = present ? at : null;
                }
            }
        }

        if (from is { } last) yield return (last, end);
    }

    private void Look(ReadOnlySpan<byte> text, HashSet<string> found)
    {
        foreach (var (name, bytes) in _words)
            if (!found.Contains(name) && text.IndexOf(bytes) >= 0) found.Add(name);
    }

    private static void Collect(ReadOnlySpan<byte> part, int start, int stride, HashSet<string> found)
    {
        const int length = 43;
        var run = 0;
        for (var i = start; i + stride - 1 < part.Length; i += stride)
        {
            if ((char.IsAsciiLetterOrDigit((char)part[i]) || part[i] is (byte)'-' or (byte)'_') && (stride == 1 || part[i + 1] == 0))
            {
                run++;
                continue;
            }

            if (run == length) found.Add((stride == 1 ? Encoding.ASCII : Encoding.Unicode).GetString(part.Slice(i - (length * stride), length * stride)));
            run = 0;
        }
    }

    private static IEnumerable<int> All() => Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(n => int.TryParse(n, out _)).Select(n => int.Parse(n!, CultureInfo.InvariantCulture));

    private static string? Space(int process)
    {
        try
        {
            return new FileInfo($"/proc/{process}/ns/pid").LinkTarget;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Read(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
