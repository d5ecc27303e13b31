using Bots.Engine.Sessions;
using Bots.Faults.Load;
using Bots.Faults.Plan;
using Bots.Faults.World;

namespace Bots.Faults.Judge;

/// <summary>Each request is decided once, and what was denied never ran: the command's trace in the repository and in the workspaces proves it.</summary>
internal sealed class PermissionsJudge(Surroundings world, IReadOnlyList<Asked> asked, Stored stored)
{
    public async Task<IReadOnlyList<Violation>> Judge()
    {
        var violations = new List<Violation>();
        var decided = stored.Events.SelectMany(e => e).Select(e => e.Event).OfType<SessionEvent.PermissionDecided>().GroupBy(e => e.Permission).ToDictionary(g => g.Key, g => g.Count());
        violations.AddRange(decided.Where(d => d.Value > 1).Select(d => new Violation($"permission {d.Key} was decided {d.Value} times", d.Key.Value)));
        violations.AddRange(stored.Permissions.Where(p => p.State == "pending").Select(p => new Violation($"permission {p.Id} ({p.Call.Title}) is still open", Name(p.Call))));

        var ran = await Ran();
        foreach (var about in asked.Where(a => a.Job.Decision != Decision.None))
        {
            var name = about.Job.Name;
            var requests = stored.Permissions.Where(p => Name(p.Call) == name).ToList();
            var (allowed, times) = (requests.Count(p => p.State == "allowed"), ran.GetValueOrDefault(name));
            if (times > allowed) violations.Add(new Violation($"{name} was allowed {allowed} times and ran {times} times", name));
            if (about.Job.Decision == Decision.Deny && allowed > 0) violations.Add(new Violation($"{name} was allowed, and people denied it", name));
            if (stored.Prompts.FirstOrDefault(p => p.Text == about.Job.Text) is { State: PromptState.Completed, Tries: 0 } && times < allowed)
                violations.Add(new Violation($"{name} was allowed and did not run", name));
        }

        return violations;
    }

    /// <summary>By job, how often its command ran: the lines of its file on any branch, or in any workspace that is still there.</summary>
    private async Task<Dictionary<string, int>> Ran()
    {
        var ran = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var branch in (await world.GitHub.Branches(Surroundings.Repository)).Keys)
        {
            var files = (await world.GitHub.Git(Surroundings.Repository, "ls-tree", "-r", "--name-only", branch, "ran/")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            foreach (var file in files) Note(Path.GetFileName(file), await world.GitHub.Git(Surroundings.Repository, "show", $"{branch}:{file}"));
        }

        var all = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        var workspaces = Path.Combine(world.Paths.DataDirectory, "workspaces");
        foreach (var file in Directory.Exists(workspaces) ? Directory.EnumerateFiles(workspaces, "c*-*", all) : [])
        {
            if (Path.GetFileName(Path.GetDirectoryName(file)) == "ran") Note(Path.GetFileName(file), await File.ReadAllTextAsync(file));
        }

        return ran;

        void Note(string name, string content) => ran[name] = Math.Max(ran.GetValueOrDefault(name), content.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    private static string Name(ToolCall call) => call.Title.Split('/')[^1];
}
