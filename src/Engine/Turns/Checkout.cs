using Bots.Engine.Intake;
using Bots.Engine.Sandboxes;
using Bots.Engine.Sessions;
using Bots.Sandbox.Sidecars;

namespace Bots.Engine.Turns;

/// <summary>The platform's own git work. All of it runs inside the sandbox: the tree is not trusted, so its hooks and filters never run on the host.</summary>
internal sealed class Checkout(ISandboxConnection sandbox)
{
    private const string Safe = "git -c core.hooksPath=/dev/null -c core.fsmonitor=false -c commit.gpgSign=false";

    /// <summary>
    /// Where no git is at work, its locks are of one that was killed, and would be in the way for ever. An agent's own git in the background is
    /// waited for, up to ten seconds.
    /// </summary>
    private const string Unlock = """
        locks() { [ ! -d .git ] || find .git -path .git/objects -prune -o -name '*.lock' "$@"; }
        looks=100
        while [ "$(locks -print)" ]; do
          git=
          for name in /proc/[0-9]*/comm; do [ "$(cat "$name" 2>/dev/null)" != git ] || git=1; done
          [ "$git" ] || locks -exec rm -f {} +
          looks=$((looks - 1))
          [ "$git" ] && [ $looks -gt 0 ] || break
          sleep 0.1
        done
        """;

    /// <summary>A workspace that holds something else than a whole clone is emptied first.</summary>
    private const string CloneScript = $"""
        if [ ! -e .git/bots-ready ]; then
          find /workspace -mindepth 1 -delete
          {Safe} clone --no-checkout "$URL" /workspace >&2
          touch .git/bots-ready
        fi
        """;

    /// <summary>A script ends with it when the repository has no commit.</summary>
    private const int IsEmpty = 78;

    private const string Unpublished = "unpublished";

    /// <summary>What the gateway says when the forge does not let us in.</summary>
    private const string Refusal = "refused this service access";

    /// <summary>As git and curl, which it calls with, say that the way to the forge broke.</summary>
    private static readonly string[] Passing =
    [
        "returned error: 5", "returned error: 429", "unexpected disconnect", "hung up unexpectedly", "early EOF", "RPC failed", "connection reset", "empty reply from server", "failed to connect", "transfer closed",
        "recv failure", "send failure", "failure when receiving data", "failed sending data", "timed out",
    ];

    private static readonly TimeSpan CloneTime = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan SetupTime = TimeSpan.FromMinutes(15);

    /// <summary>Brings the session's branch into the workspace, with whatever was pushed to it meanwhile.</summary>
    /// <param name="defaultBranch">What a new branch starts from when the target names no base.</param>
    /// <returns>The commit the turn starts from.</returns>
    /// <exception cref="TurnException">It could not be cloned or brought up to date.</exception>
    public async Task<string> Prepare(WorkTarget target, string defaultBranch, CancellationToken cancellation)
    {
        var start = target.Base ?? defaultBranch;
        var script = $"""
            {Unlock}
            {CloneScript}
            if {Safe} ls-remote --exit-code --heads origin "refs/heads/$BRANCH" >/dev/null; then
              pushed=1
              {Safe} fetch origin "refs/heads/$BRANCH"
            else
              [ $? = 2 ]
              pushed=
            fi
            if [ "$(cat .git/bots-branch 2>/dev/null)" = "$BRANCH" ]; then
              if [ "$pushed" ]; then {Safe} merge --ff-only FETCH_HEAD || true; fi
            else
              if [ -z "$pushed" ] && ! {Safe} fetch origin "$START"; then
                refs=$({Safe} ls-remote origin) || exit 1
                [ "$refs" ] || exit {IsEmpty}
                exit 1
              fi
              {Safe} checkout --force -B "$BRANCH" FETCH_HEAD
              {Safe} rev-parse HEAD >.git/bots-base
              printf %s "$BRANCH" >.git/bots-branch
            fi >&2
            {Safe} rev-parse HEAD
            """;
        var result = await Run(script, new() { ["URL"] = Url(target.Repository), ["BRANCH"] = target.Branch!, ["START"] = start }, null, CloneTime, cancellation);
        return result.Code switch
        {
            0 => result.Output.Trim().Split('\n')[^1],
            IsEmpty => throw new TurnException($"{target.Repository} is empty. Push a first commit to it, then ask again."),
            _ => throw Failed($"I could not get {target.Repository} ({start})", result),
        };
    }

    /// <summary>Clones a branch, for whoever will work with it later.</summary>
    /// <returns>Its commit.</returns>
    /// <exception cref="TurnException">It could not be cloned.</exception>
    public async Task<string> Clone(RepositoryName repository, string branch, CancellationToken cancellation)
    {
        var script = $"""
            {CloneScript}
            {Safe} fetch origin "refs/heads/$BRANCH" >&2
            {Safe} checkout --force -B "$BRANCH" FETCH_HEAD >&2
            {Safe} rev-parse HEAD
            """;
        var result = await Run(script, new() { ["URL"] = Url(repository), ["BRANCH"] = branch }, null, CloneTime, cancellation);
        return result.Code == 0 ? result.Output.Trim().Split('\n')[^1] : throw Failed($"I could not get {repository} ({branch})", result);
    }

    /// <returns>The commit a branch is at; null when there is no such branch.</returns>
    /// <exception cref="TurnException">The repository could not be asked.</exception>
    public async Task<string?> Remote(RepositoryName repository, string branch, CancellationToken cancellation)
    {
        var result = await Run($"{Safe} ls-remote \"$URL\" \"refs/heads/$BRANCH\"", new() { ["URL"] = Url(repository), ["BRANCH"] = branch }, null, TimeSpan.FromMinutes(2), cancellation);
        if (result.Code != 0) throw Failed($"I could not ask {repository} for {branch}", result);
        return result.Output.Split('\t')[0].Trim() is { Length: > 0 } commit ? commit : null;
    }

    /// <summary>Runs the repository's own setup, once for each workspace.</summary>
    /// <returns>Null when it went well or there was nothing to do; else the end of what it said.</returns>
    public async Task<string?> SetUp(string? script, CancellationToken cancellation)
    {
        if (script is null) return null;
        const string Once = """
            [ ! -e .git/bots-setup ] || exit 0
            /bin/sh -euc "$SETUP" </dev/null
            touch .git/bots-setup
            """;
        var result = await Run(Once, new() { ["SETUP"] = script }, null, SetupTime, cancellation);
        return result.Code == 0 ? null : Last(result);
    }

    /// <summary>Starts what the repository wants to run beside the agent. It is neither waited for nor listened to.</summary>
    public Task Begin(string? script, CancellationToken cancellation) => script is null ? Task.CompletedTask
        : sandbox.Start("repository-start", new ProcessStart("/bin/sh", ["-euc", $"exec >/tmp/start.log 2>&1 </dev/null\n{script}"]), cancellation);

    /// <summary>Commits what the agent left uncommitted.</summary>
    /// <returns>What changed since <paramref name="startCommit"/>, or, when nothing did, what an earlier turn could not publish; null when there is neither.</returns>
    public async Task<Changes?> Commit(string startCommit, string branch, string message, Person author, CancellationToken cancellation)
    {
        var script = $"""
            {Unlock}
            {Safe} add --all
            {Safe} diff --cached --quiet || {Safe} commit --quiet --no-verify --file=-
            head=$({Safe} rev-parse HEAD)
            if [ "$head" = "$START" ]; then
              published=$({Safe} rev-parse --quiet --verify "refs/remotes/origin/$BRANCH" || cat .git/bots-base 2>/dev/null || echo "$head")
              {Safe} merge-base --is-ancestor HEAD "$published" || START=$published head="$head {Unpublished}"
            fi
            echo "$head"
            {Safe} diff --numstat "$START" HEAD
            """;
        var result = await Run(script, new()
        {
            ["START"] = startCommit, ["BRANCH"] = branch,
            ["GIT_AUTHOR_NAME"] = author.Name, ["GIT_AUTHOR_EMAIL"] = Email(author),
            ["GIT_COMMITTER_NAME"] = author.Name, ["GIT_COMMITTER_EMAIL"] = Email(author),
        }, message, TimeSpan.FromMinutes(5), cancellation);
        if (result.Code != 0) throw new TurnException($"The changes could not be committed: {Last(result)}");
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var head = lines[0].Split(' ', StringSplitOptions.TrimEntries);
        return head is [var commit] && commit == startCommit ? null : new Changes(head[0], Summary(lines.Skip(1)));
    }

    /// <exception cref="TurnException">The gateway or the forge refused it.</exception>
    public async Task Push(string branch, CancellationToken cancellation)
    {
        var result = await Run($"{Safe} push origin \"HEAD:refs/heads/$BRANCH\"", new() { ["BRANCH"] = branch }, null, TimeSpan.FromMinutes(10), cancellation);
        if (result.Code != 0) throw Failed($"The changes are committed in my workspace, but pushing {branch} failed", result);
    }

    /// <summary>Reads <c>git diff --numstat</c>: added, removed, path; binary files count as files only.</summary>
    internal static DiffSummary Summary(IEnumerable<string> numstat)
    {
        var rows = numstat.Select(line => line.Split('\t')).Where(parts => parts.Length >= 3).ToList();
        return new DiffSummary(rows.Sum(r => Count(r[0])), rows.Sum(r => Count(r[1])), rows.Count);

        static int Count(string text) => int.TryParse(text, out var count) ? count : 0;
    }

    private static string Url(RepositoryName repository) => $"{SandboxPaths.Gateway}/git/{repository}.git";

    internal static string Email(Person person) => person.Email ?? $"{person.Id}@{person.Surface}.invalid";

    private Task<ExecResult> Run(string script, Dictionary<string, string> environment, string? input, TimeSpan timeout, CancellationToken cancellation) =>
        sandbox.Exec(new ExecRequest("/bin/sh", ["-euc", InTurn(script)]) { Environment = environment, Input = input, Timeout = timeout }, cancellation);

    /// <summary>A step goes on when the service that began it is killed, and the next service begins it again: the second waits for the first, and finds its work done.</summary>
    private static string InTurn(string script) => $"""
        if command -v flock >/dev/null; then exec 9>>/tmp/.bots-git; flock 9; fi
        (
        {script}
        ) 9>&-
        """;

    private static TurnException Failed(string what, ExecResult result) => new($"{what}: {Last(result)}") { Transient = result.Code is not null && MayPass(result.Error) };

    /// <summary>Whether what git said is of the way to the forge, and no refusal.</summary>
    internal static bool MayPass(string error) =>
        !error.Contains(Refusal, StringComparison.Ordinal) && Passing.Any(words => error.Contains(words, StringComparison.OrdinalIgnoreCase));

    private static string Last(ExecResult result)
    {
        if (result.Code is null) return "it took too long.";
        var lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? $"git ended with code {result.Code}." : string.Join(" ", lines.TakeLast(3));
    }
}

/// <param name="Commit">HEAD after the turn.</param>
internal sealed record Changes(string Commit, DiffSummary Diff);
