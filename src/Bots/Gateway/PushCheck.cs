using Bots.Engine;
using Bots.Engine.Forges;
using Bots.Engine.Gateway;
using Bots.Gateway.Packs;
using Bots.Sandbox;

namespace Bots.Gateway;

/// <summary>
/// Tells a push that only adds commits from one that rewrites what others may have seen. Git's protocol does not say which it is: the new
/// commits come in the pack, and among them there must be a way back to the commit the branch stands at.
/// </summary>
internal sealed class PushCheck(PushSpool spool, PushRooms rooms, IForge forge)
{
    /// <summary>Of all objects together, where pushes may not be larger. Beyond that a push keeps us busy for too long.</summary>
    private const long MostInflated = 2L * 1024 * 1024 * 1024;

    private const int MostOptionBytes = 64 * 1024;
    private const int MostQuestions = 8;

    /// <returns>The push to send on, read from disk; or null and why it is refused.</returns>
    /// <exception cref="ForgeException">The forge could not be asked.</exception>
    public async Task<(PushBody? Push, string? Refusal)> Check(PushBody push, GatewayCaller caller, CancellationToken cancellation)
    {
        if (push.Request.Commands.Count == 0) return (push, null);
        if (push.Request.Commands.Count > 1) return (null, "this push names its branch twice");
        var command = push.Request.Commands[0];
        if (command.Creates) return (push, null);
        if (await Take(push, caller.Sandbox, cancellation) is not { } body) return (null, $"this push is larger than {spool.MostBytes / (1024 * 1024)} MiB; push less at once, or have Gateway:MaxPushSize raised");
        var kept = false;
        try
        {
            var (reached, edge) = await WayBack(push.Request, body, command, caller.Sandbox, cancellation);
            if (!reached && !await Descends(caller.Repository, command.OldId, edge, cancellation))
                return (null, $"this push would rewrite {command.Ref}: it must build on {command.OldId[..12]}, where the branch stands. Fetch it, and merge or rebase onto it");
            body.Position = 0;
            kept = true;
            return (push with { Read = push.Read[..push.Request.Length], Rest = body }, null);
        }
        catch (FormatException problem)
        {
            return (null, $"this push cannot be checked: {problem.Message}");
        }
        finally
        {
            if (!kept) await body.DisposeAsync();
        }
    }

    private async Task<Stream?> Take(PushBody push, SandboxId sandbox, CancellationToken cancellation)
    {
        try
        {
            return await spool.Take(push, sandbox, cancellation);
        }
        catch (InvalidDataException problem)
        {
            throw new FormatException("the push is said to be compressed and is not", problem);
        }
    }

    private async Task<(bool Reached, IReadOnlyList<string> Edge)> WayBack(PushRequest request, Stream body, PushCommand command, SandboxId sandbox, CancellationToken cancellation)
    {
        // Inflating is work for the processor alone.
        using var turn = await rooms.Checks.Take(sandbox, 1, cancellation) ?? throw new FormatException("too many others are checked at the moment; push again later");
        return await Task.Run(() => WayBack(request, body, command, Math.Max(MostInflated, 2 * spool.MostBytes), cancellation), cancellation);
    }

    /// <returns>Whether the old commit was met; and the commits outside the pack at which the new ones begin.</returns>
    private static (bool Reached, IReadOnlyList<string> Edge) WayBack(PushRequest request, Stream body, PushCommand command, long mostInflated, CancellationToken cancellation)
    {
        if (request.Capabilities.Contains("push-options")) SkipOptions(body);
        var commits = PackReader.Commits(body, command.OldId.Length == 64, mostInflated, cancellation);
        var (edge, seen, open) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal), new Stack<string>([command.NewId.ToLowerInvariant()]));
        var old = command.OldId.ToLowerInvariant();
        while (open.TryPop(out var id))
        {
            if (id == old) return (true, []);
            if (!seen.Add(id)) continue;
            if (!commits.TryGetValue(id, out var parents)) edge.Add(id);
            else foreach (var parent in parents) open.Push(parent);
        }

        return (false, edge);
    }

    /// <summary>A branch may also go on to commits the forge has already: then the pack does not tell, and the forge does.</summary>
    private async Task<bool> Descends(RepositoryName repository, string old, IReadOnlyList<string> edge, CancellationToken cancellation)
    {
        foreach (var commit in edge.Take(MostQuestions))
            if (await forge.IsAncestor(repository, old, commit, cancellation)) return true;
        return false;
    }

    private static void SkipOptions(Stream body)
    {
        var buffer = new byte[PktLine.MaxLength];
        while (body.Position < MostOptionBytes)
        {
            if (body.ReadAtLeast(buffer.AsSpan(0, 4), 4, throwOnEndOfStream: false) < 4) break;
            var kind = PktLine.Read(buffer.AsSpan(0, 4), out _, out _);
            if (kind == PktKind.Flush) return;
            var length = kind == PktKind.Incomplete ? Convert.ToInt32(System.Text.Encoding.ASCII.GetString(buffer, 0, 4), 16) - 4 : kind == PktKind.Data ? 0 : -1;
            if (length < 0 || body.ReadAtLeast(buffer.AsSpan(0, length), length, throwOnEndOfStream: false) < length) break;
        }

        throw new FormatException("its options are not made of pkt-lines");
    }
}
