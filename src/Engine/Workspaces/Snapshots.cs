using System.Collections.Concurrent;
using System.Data;
using Bots.Engine.Sandboxes;
using Bots.Engine.Storage;
using Bots.Sandbox;
using Bots.Sandbox.Linux;
using Bots.Sandbox.Snapshots;
using Dapper;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Workspaces;

/// <summary>Puts workspaces that nobody uses away into one file each, and brings them back: checkout, home and the agent's own state.</summary>
public sealed partial class Snapshots(IStore store, SandboxPaths paths, SandboxOptions options, ResourceLimits limits, TimeProvider clock, ILogger<Snapshots> logger)
{
    private readonly ConcurrentDictionary<WorkspaceId, Task> _busy = new();
    private readonly ConcurrentDictionary<WorkspaceId, CancellationTokenSource> _wanted = new();

    /// <summary>Makes a workspace's folders ready for use. Being put away is broken off.</summary>
    /// <returns>False when there is nothing of it any more, or what there is cannot be restored.</returns>
    public async Task<bool> Ready(WorkspaceRow workspace, CancellationToken cancellation)
    {
        if (_wanted.TryGetValue(workspace.Id, out var packing)) await packing.CancelAsync();
        if (_busy.TryGetValue(workspace.Id, out var putting)) await putting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var folder = paths.Folder(workspace.Id);
        if (Directory.Exists(folder)) return true;
        if (store.Read(db => Latest(db, workspace.Id)) is not { } snapshot) return false;
        var unpacked = Aside(folder);
        try
        {
            await FolderArchive.Unpack(File(snapshot.Id), unpacked, cancellation);
            Directory.Move(unpacked, folder);
            Restored(logger, snapshot.Id, workspace.SessionId, snapshot.Bytes);
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException or DirectoryNotFoundException or EndOfStreamException)
        {
            Folders.Delete(unpacked);
            Unrestorable(logger, snapshot.Id, workspace.SessionId, e);
            return false;
        }
        catch
        {
            // A full disk: half of it must not keep it full.
            Folders.Delete(unpacked);
            throw;
        }
    }

    /// <summary>Writes a workspace into a file and removes its folders. That somebody wants it meanwhile ends this without effect.</summary>
    /// <param name="rests">Whether nothing uses it; asked once whoever wants it from then on has to wait.</param>
    public async Task PutAway(WorkspaceRow workspace, Func<bool> rests, CancellationToken cancellation)
    {
        var folder = paths.Folder(workspace.Id);
        if (!Directory.Exists(folder)) return;
        using var wanted = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_busy.TryAdd(workspace.Id, done.Task)) return;
        _wanted[workspace.Id] = wanted;
        var gone = Aside(folder);
        try
        {
            if (!rests()) return;
            var snapshot = await Take(workspace, wanted.Token);
            // From here on the file is the truth. A folder half removed must not be taken for the whole, so it first loses its name.
            wanted.Token.ThrowIfCancellationRequested();
            Directory.Move(folder, gone);
            PutAway(logger, snapshot.Id, workspace.SessionId, snapshot.Bytes);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return;
        }
        finally
        {
            _wanted.TryRemove(workspace.Id, out _);
            _busy.TryRemove(workspace.Id, out _);
            done.SetResult();
        }

        Folders.Delete(gone);
    }

    /// <summary>Writes a workspace, that nothing uses, into a file. Its folders stay.</summary>
    /// <remarks>A prepared tree that had to be copied comes on top of what the sandbox may use, so it is twice that which may be taken.</remarks>
    /// <exception cref="IOException">It could not be written: nothing is left behind.</exception>
    public async Task<SnapshotRow> Take(WorkspaceRow workspace, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var snapshot = new SnapshotRow
        {
            Id = "snp_" + Guid.CreateVersion7().ToString("N"), WorkspaceId = workspace.Id, SessionId = workspace.SessionId!.Value, CreatedAt = now, ExpiresAt = now + options.SnapshotsKept,
        };
        Directory.CreateDirectory(paths.Snapshots);
        var unfinished = File(snapshot.Id) + Unfinished;
        try
        {
            await FolderArchive.Pack(paths.Folder(workspace.Id), unfinished, 2 * limits.Disk, cancellation);
            // What it is made of goes afterwards: better to know now that it can be read.
            await FolderArchive.Check(unfinished, cancellation);
        }
        catch
        {
            System.IO.File.Delete(unfinished);
            throw;
        }

        snapshot = snapshot with { Bytes = new FileInfo(unfinished).Length };
        System.IO.File.Move(unfinished, File(snapshot.Id));
        DurableFiles.Flush(paths.Snapshots);
        await store.Write(write => write.Db.Execute(
            "INSERT INTO snapshots (id, workspace_id, session_id, bytes, created_at, expires_at) VALUES (@Id, @WorkspaceId, @SessionId, @Bytes, @CreatedAt, @ExpiresAt)",
            snapshot), CancellationToken.None);
        return snapshot;
    }

    /// <summary>Newest first.</summary>
    public static IReadOnlyList<SnapshotRow> List(IDbConnection db) => db.Query<SnapshotRow>("SELECT * FROM snapshots ORDER BY created_at DESC, id DESC").ToList();

    /// <summary>Removes what is too old, what a newer one of the same workspace replaces, and files nobody knows.</summary>
    /// <returns>The workspaces of which nothing is left.</returns>
    public async Task<IReadOnlyList<WorkspaceId>> Prune()
    {
        var now = clock.GetUtcNow();
        var all = store.Read(List);
        var kept = all.Where(s => s.ExpiresAt > now).DistinctBy(s => s.WorkspaceId).Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var old in all.Where(s => !kept.Contains(s.Id)))
        {
            await store.Write(write => write.Db.Execute("DELETE FROM snapshots WHERE id = @Id", new { old.Id }));
        }

        foreach (var file in Directory.Exists(paths.Snapshots) ? Directory.GetFiles(paths.Snapshots) : [])
        {
            var unfinished = file.EndsWith(Unfinished, StringComparison.Ordinal);
            if (unfinished ? _busy.IsEmpty : !kept.Contains(Path.GetFileName(file).Split('.')[0]) && _busy.IsEmpty) System.IO.File.Delete(file);
        }

        var left = all.Where(s => kept.Contains(s.Id)).Select(s => s.WorkspaceId).ToHashSet();
        return [.. all.Select(s => s.WorkspaceId).Distinct().Where(w => !left.Contains(w) && !Directory.Exists(paths.Folder(w)))];
    }

    private static SnapshotRow? Latest(IDbConnection db, WorkspaceId workspace) => db.QueryFirstOrDefault<SnapshotRow>(
        "SELECT * FROM snapshots WHERE workspace_id = @workspace ORDER BY created_at DESC, id DESC LIMIT 1", new { workspace });

    /// <summary>A name for what is half there, that nobody else uses: what is left of it is swept away some day.</summary>
    private static string Aside(string folder) => $"{folder}.{Guid.CreateVersion7():N}{Unfinished}";

    private string File(string snapshot) => Path.Combine(paths.Snapshots, snapshot + ".tar.gz");

    [LoggerMessage(Level = LogLevel.Information, Message = "Snapshot {Snapshot} of {Session} taken, {Bytes} bytes; its folders are put away")]
    private static partial void PutAway(ILogger logger, string snapshot, SessionId? session, long bytes);

    [LoggerMessage(Level = LogLevel.Information, Message = "Snapshot {Snapshot} of {Session} restored, {Bytes} bytes")]
    private static partial void Restored(ILogger logger, string snapshot, SessionId? session, long bytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "Snapshot {Snapshot} of {Session} cannot be restored; the session goes on from its branch")]
    private static partial void Unrestorable(ILogger logger, string snapshot, SessionId? session, Exception e);

    internal const string Unfinished = ".unfinished";
}

/// <summary>A snapshot's row.</summary>
public sealed record SnapshotRow
{
    public required string Id { get; init; }

    public required WorkspaceId WorkspaceId { get; init; }

    public required SessionId SessionId { get; init; }

    /// <summary>Size of the file.</summary>
    public long Bytes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}
