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

    /// <summary>A commit names one or two. Each is kept in memory.</summary>
    private const int MostParents = 1_000_000;

    /// <summary>Bases that are kept while the deltas on top of them are made: far more than chains of real commits need.</summary>
    private const long MostHeld = 64 * 1024 * 1024;

    private readonly Stream _pack;
    private readonly int _idBytes;
    private readonly long _mostInflated;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<string, IReadOnlyList<string>> _commits = new(StringComparer.Ordinal);
    private readonly List<(PackEntry Entry, string Id)> _whole = [];
    private readonly Dictionary<long, List<PackEntry>> _waitForOffset = [];
    private readonly Dictionary<string, List<PackEntry>> _waitForId = new(StringComparer.Ordinal);
    private readonly HashSet<long> _perhapsCommits = [];
    private readonly Stack<Base> _bases = new();
    private long _inflated;
    private long _held;
    private int _parents;

    private PackReader(Stream pack, int idBytes, long mostInflated, CancellationToken cancellation) =>
        (_pack, _idBytes, _mostInflated, _cancellation) = (pack, idBytes, mostInflated, cancellation);

    /// <summary>The parents of each commit in the pack, by id. A commit that is a difference to one outside the pack is not among them.</summary>
    /// <param name="pack">Seekable; the whole rest of it is the pack.</param>
    /// <param name="sha256">True where the repository names its objects by SHA-256.</param>
    /// <param name="mostInflated">How many bytes may be inflated or made from deltas altogether, so that no small pack keeps us busy for ever.</param>
    /// <exception cref="FormatException">This is no pack, or a broken one. The message may be shown to people.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Commits(Stream pack, bool sha256, long mostInflated, CancellationToken cancellation)
    {
        var reader = new PackReader(pack, sha256 ? 32 : 20, mostInflated, cancellation);
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
        for (var i = 0; i < count; i++)
        {
            _cancellation.ThrowIfCancellationRequested();
            Step(PackEntry.Read(_pack, _idBytes));
        }

        if (_pack.Length - _pack.Position != _idBytes) throw new FormatException("the pack does not end where it should");
        Resolve();
    }

    private void Step(PackEntry entry)
    {
        Count(entry.Size);
        PackZlib.Inflate(_pack, entry.Size, null, _cancellation);
        var next = _pack.Position;
        switch (entry.Kind)
        {
            case PackKind.Commit:
                Keep(entry);
                if (Found(entry.Content(_pack, MostCommitBytes, _cancellation)) is { } id) _whole.Add((entry, id));
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

    /// <summary>Deltas whose base is a commit are commits: each is made once, from its base, before the base is let go.</summary>
    private void Resolve()
    {
        foreach (var (entry, id) in _whole)
        {
            if (Waiting(entry, id) is { Count: > 0 } deltas) Hold(Read(entry), deltas);
            while (_bases.TryPeek(out var source))
            {
                _cancellation.ThrowIfCancellationRequested();
                var delta = source.Deltas.Dequeue();
                if (source.Deltas.Count == 0) _held -= _bases.Pop().Content.Length;
                var content = PackDelta.Apply(source.Content, Read(delta), MostCommitBytes);
                Count(content.Length);
                if (Found(content) is { } made && Waiting(delta, made) is { Count: > 0 } further) Hold(content, further);
            }
        }
    }

    private void Hold(byte[] content, Queue<PackEntry> deltas)
    {
        _held += content.Length;
        if (_held > MostHeld) throw new FormatException("the commits of the pack are packed too deeply; repack them with --depth=50");
        _bases.Push(new Base(content, deltas));
    }

    private byte[] Read(PackEntry entry)
    {
        Count(entry.Size);
        return entry.Content(_pack, MostCommitBytes, _cancellation);
    }

    /// <returns>Its id; null when the pack held it before.</returns>
    private string? Found(byte[] content)
    {
        var (head, id) = (Encoding.ASCII.GetBytes($"commit {content.Length}\0"), "");
        using (var hash = IncrementalHash.CreateHash(_idBytes == 32 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1))
        {
            hash.AppendData(head);
            hash.AppendData(content);
            id = Convert.ToHexStringLower(hash.GetHashAndReset());
        }

        return _commits.TryAdd(id, Parents(content)) ? id : null;
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
            if (++_parents > MostParents) throw new FormatException("the commits of the pack have too many parents");
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

    private Queue<PackEntry> Waiting(PackEntry entry, string id) => new([.. Waiting(_waitForOffset, entry.At), .. Waiting(_waitForId, id)]);

    private static List<PackEntry> Waiting<T>(Dictionary<T, List<PackEntry>> waiting, T key)
        where T : notnull => waiting.Remove(key, out var entries) ? entries : [];

    /// <summary>A commit, and the deltas that are still to be made from it.</summary>
    private sealed record Base(byte[] Content, Queue<PackEntry> Deltas);
}
