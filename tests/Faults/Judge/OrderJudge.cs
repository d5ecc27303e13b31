using Bots.Faults.Load;
using Bots.Faults.World;
using Bots.Simulators.Models;

namespace Bots.Faults.Judge;

/// <summary>The jobs of a session ran one at a time, in the order in which they were asked, as the model was told when each began and ended.</summary>
internal static class OrderJudge
{
    public static IEnumerable<Violation> Judge(Surroundings world, IReadOnlyList<Asked> asked)
    {
        var told = world.Models.Exchanges.Select(e => e.Request?.Prompt.Split(' ')).OfType<string[]>().Where(words => words.Length == 2).Select(words => (Word: words[0], Job: words[1])).ToList();
        foreach (var talk in asked.GroupBy(a => a.Talk))
        {
            // What is asked in the thread and on its pull request reaches the service by two ways: only each way has an order.
            var names = talk.Select(a => a.Job.Name).ToList();
            var own = told.Where(t => names.Contains(t.Job)).ToList();
            foreach (var way in talk.GroupBy(a => a.IsComment))
            {
                var order = way.Select(a => a.Job.Name).ToList();
                var begun = own.Where(t => t.Word == "begin" && order.Contains(t.Job)).Select(t => order.IndexOf(t.Job)).ToList();
                if (!begun.SequenceEqual(begun.Order())) yield return new Violation($"out of order: {string.Join(", ", own)}", [.. names]);
            }

            foreach (var overlap in Overlaps(own, talk.Where(a => a.Job.Fails).Select(a => a.Job.Name).ToHashSet(StringComparer.Ordinal)))
                yield return new Violation($"{overlap}: {string.Join(", ", own)}", [.. names]);
        }
    }

    /// <summary>Jobs that were told of again after another one had begun.</summary>
    private static IEnumerable<string> Overlaps(List<(string Word, string Job)> told, HashSet<string> failing)
    {
        var over = new HashSet<string>(StringComparer.Ordinal);
        string? running = null;
        foreach (var (_, job) in told)
        {
            if (job == running) continue;
            if (over.Contains(job)) yield return $"{job} went on after {running} had begun";
            if (running is not null && !failing.Contains(running)) over.Add(running);
            running = job;
        }
    }
}
