using Bots.Faults.Plan;
using Bots.Faults.World;
using Bots.Simulators.Slack;

namespace Bots.Faults.Load;

/// <summary>People who decide what is asked in a thread, and click again where a click did not get through.</summary>
internal sealed class Clicking(Surroundings world, Timeline timeline)
{
    private const string Channel = Surroundings.Channel;

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public async Task Decide(IReadOnlyList<SlackMessage> thread, IReadOnlyList<Asked> asked)
    {
        foreach (var question in thread.Where(m => Shown.HasButton(m, "approve_once") && !_taken.Contains(m.Ts)))
        {
            if (asked.FirstOrDefault(a => question.Everything.Contains($"ran/{a.Job.Name}", StringComparison.Ordinal)) is not { } about) continue;
            var clicks = Clicks(about.Job.Decision).Select((action, person) => Click(RunPlan.People[person], question.Ts, action));
            var taken = (await Task.WhenAll(clicks)).Any(t => t);
            timeline.Add($"{about.Job.Name}: {about.Job.Decision} is clicked, {(taken ? "taken" : "not taken")}");
            if (taken) _taken.Add(question.Ts);
        }
    }

    private static string[] Clicks(Decision decision) => decision switch
    {
        Decision.Allow => ["approve_once"],
        Decision.Deny => ["deny"],
        _ => ["approve_once", "deny"],
    };

    private async Task<bool> Click(string person, string ts, string action)
    {
        try
        {
            return (await world.Slack.Click(person, Channel, ts, action)).Status is >= 200 and < 300;
        }
        catch (SlackDrivingException)
        {
            // The button went away meanwhile: it is decided.
            return true;
        }
    }
}
