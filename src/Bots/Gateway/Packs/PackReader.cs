using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Bots.Gateway.Packs;

/// <summary>Finds the commits of a pack and their parents (git's gitformat-pack). Everything else is only measured, to get past it.</summary>
internal sealed class PackReader
{
    /// <summary>Of one commit, and of a delta that makes one.</summary>
    private const int MostCommitBytes = 1024 * 1024;

    private const int MostEntries = 5_000_000;

    /// <summary>Commits, and deltas that may be some: what is kept in memory.</summary>
    private const int MostKept = 200_000;

    private readonly Stream _pack;
    private readonly int _idBytes;
    private readonly long _mostInflated;
    private readonly Dictionary<string, IReadOnlyList<string>> _commits = new(StringComparer.Ordinal);

    // The entries that are commits, by where they begin and by id; a chain of deltas is followed through them.
    private readonly Dictionary<long, PackEntry> _entries = [];
    private readonly Dictionary<string, long> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<long, List<PackEntry>> _waitForOffset = [];
    private readonly Dictionary<string, List<PackEntry>> _waitForId = new(StringComparer.Ordinal);
    private readonly HashSet<long> _perhapsCommits = [];
    private long _inflated;

    private PackReader(Stream pack, int idBytes, long mostInflated) => (_pack, _idBytes, _mostInflated) = (pack, idBytes, mostInflated);

    /// <summary>The parents of each commit in the pack, by id. A commit that is a difference to one outside the pack is not among them.</summary>
    /// <param name="pack">Seekable; the whole rest of it is the pack.</param>
    /// <param name="sha256">True where the repository names its objects by SHA-256.</param>
    /// <param name="mostInflated">How many bytes all of its objects may have, so that no small pack keeps us busy for ever.</param>
    /// <exception cref="FormatException">This is no pack, or a broken one. The message may be shown to people.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Commits(Stream pack, bool sha256, long mostInflated)
    {
        var reader = new PackReader(pack, sha256 ? 32 : 20, mostInflated);
        reader.ReadAll();
        return reader._commits;
    }

    private void ReadAll()
    {
        Span<byte> head = stackalloc byte[12];
        if (_pack.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head.StartsWith("PACK"u8)) throw new FormatException("no pack follows the commands");
        if (BinaryPrimitives.ReadUInt32BigEndian(head[4..]) is not (2 or 3)) throw new FormatException("the pack is of an unknown version");
        var count = BinaryPrimitives.ReadUInt32BigEndian(head[8..]);
        if (count > MostEntries) throw new FormatException("the pack holds too many objects");
        for (var i = 0; i < count; i++) Step(PackEntry.Read(_pack, _idBytes));
        if (_pack.Length - _pack.Position != _idBytes) throw new FormatException("the pack does not end where it should");
        Resolve();
    }

    private void Step(PackEntry entry)
    {
        Count(entry.Size);
        PackZlib.Inflate(_pack, entry.Size, null);
        var next = _pack.Position;
        switch (entry.Kind)
        {
            case PackKind.Commit:
                Keep(entry);
                Found(entry, entry.Content(_pack, MostCommitBytes));
                break;
            case PackKind.OffsetDelta when _perhapsCommits.Contains(entry.BaseAt):
                Keep(entry);
                Wait(_waitForOffset, entry.BaseAt, entry);
                break;
            case PackKind.IdDelta:
                Keep(entry);
                Wait(_waitForId, entry.BaseId!, entry);
                break;
        }

        _pack.Position = next;
    }

    private void Keep(PackEntry entry)
    {
        _perhapsCommits.Add(entry.At);
        if (_perhapsCommits.Count > MostKept) throw new FormatException("the pack holds too many commits; push them in smaller parts");
    }

    /// <summary>Deltas whose base is a commit are commits: from each, on to those that wait for it.</summary>
    private void Resolve()
    {
        var open = new Queue<(PackEntry Entry, string Id)>(_byId.Select(found => (_entries[found.Value], found.Key)));
        while (open.TryDequeue(out var next))
        {
            var waiting = Waiting(_waitForOffset, next.Entry.At).Concat(Waiting(_waitForId, next.Id)).ToList();
            if (waiting.Count == 0) continue;
            var source = Whole(next.Entry);
            foreach (var delta in waiting)
                if (Found(delta, Apply(source, delta)) is { } id) open.Enqueue((delta, id));
        }
    }

    /// <summary>Makes a commit from its chain of deltas. Chains are made anew each time: rare, and it keeps the memory small.</summary>
    private byte[] Whole(PackEntry entry)
    {
        var chain = new Stack<PackEntry>();
        for (; entry.Kind != PackKind.Commit; entry = _entries[entry.BaseId is { } id ? _byId[id] : entry.BaseAt]) chain.Push(entry);
        var content = Read(entry);
        while (chain.TryPop(out var delta)) content = Apply(content, delta);
        return content;
    }

    private byte[] Apply(byte[] source, PackEntry delta) => PackDelta.Apply(source, Read(delta), MostCommitBytes);

    private byte[] Read(PackEntry entry)
    {
        Count(entry.Size);
        return entry.Content(_pack, MostCommitBytes);
    }

    /// <returns>Its id; null when the pack held it before.</returns>
    private string? Found(PackEntry entry, byte[] content)
    {
        var (head, id) = (Encoding.ASCII.GetBytes($"commit {content.Length}\0"), "");
        using (var hash = IncrementalHash.CreateHash(_idBytes == 32 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1))
        {
            hash.AppendData(head);
            hash.AppendData(content);
            id = Convert.ToHexStringLower(hash.GetHashAndReset());
        }

        _entries[entry.At] = entry;
        if (!_byId.TryAdd(id, entry.At)) return null;
        _commits[id] = Parents(content);
        return id;
    }

    /// <summary>The lines <c>parent …</c> after the first, <c>tree …</c>.</summary>
    private List<string> Parents(ReadOnlySpan<byte> commit)
    {
        var parents = new List<string>();
        var line = "tree ".Length + (2 * _idBytes) + 1;
        if (commit.Length < line || !commit.StartsWith("tree "u8) || commit[line - 1] != '\n') throw new FormatException("a commit of the pack has no tree");
        for (var rest = commit[line..]; rest.StartsWith("parent "u8); rest = rest[("parent ".Length + (2 * _idBytes) + 1)..])
        {
            var end = "parent ".Length + (2 * _idBytes);
            if (rest.Length <= end || rest[end] != '\n') throw new FormatException("a commit of the pack names a parent that is none");
            parents.Add(Encoding.ASCII.GetString(rest["parent ".Length..end]));
        }

        return parents;
    }

    private void Count(long bytes)
    {
        _inflated += bytes;
        if (_inflated > _mostInflated) throw new FormatException("the objects of the pack are too large to be checked");
    }

    private static void Wait<T>(Dictionary<T, List<PackEntry>> waiting, T key, PackEntry entry)
        where T : notnull
    {
        if (!waiting.TryGetValue(key, out var entries)) waiting[key] = entries = [];
        entries.Add(entry);
    }

    private static List<PackEntry> Waiting<T>(Dictionary<T, List<PackEntry>> waiting, T key)
        where T : notnull => waiting.Remove(key, out var entries) ? entries : [];
}
