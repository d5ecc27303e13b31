using Bots.Faults.Plan;

namespace Bots.Faults.Tests;

public sealed class RunPlanTests
{
    [Fact]
    public void A_seed_alone_decides_what_is_asked_and_what_is_broken()
    {
        var (one, other) = (new RunPlan(7), new RunPlan(7));
        foreach (var number in Enumerable.Range(1, 200).Reverse()) _ = other.Talk(number);

        foreach (var number in Enumerable.Range(1, 200))
        {
            other.Talk(number).Jobs.ShouldBe(one.Talk(number).Jobs);
            other.Breakage(number).ShouldBe(one.Breakage(number));
        }
    }

    [Fact]
    public void Another_seed_is_another_plan() =>
        Enumerable.Range(1, 20).Select(new RunPlan(7).Breakage).ShouldNotBe(Enumerable.Range(1, 20).Select(new RunPlan(8).Breakage));

    [Fact]
    public void Within_a_thousand_everything_that_can_be_asked_or_broken_is()
    {
        var plan = new RunPlan(7);
        var jobs = Enumerable.Range(1, 400).SelectMany(number => plan.Talk(number).Jobs).ToList();
        var breakages = Enumerable.Range(1, 1000).Select(plan.Breakage).ToList();

        jobs.Select(job => job.Decision).Distinct().Count().ShouldBe(Enum.GetValues<Decision>().Length);
        foreach (var verb in (string[])["say", "edit", "crash", "hang"]) jobs.ShouldContain(job => job.Steps.Contains(verb), verb);
        jobs.ShouldContain(job => job.OnPullRequest && job.Decision == Decision.Deny);
        breakages.Select(breakage => breakage.GetType()).Distinct().Count().ShouldBe(typeof(Breakage).GetNestedTypes().Length);
        breakages.OfType<Breakage.KillOnFile>().Select(kill => kill.What).Distinct().Count().ShouldBe(Enum.GetValues<Writing>().Length);
        breakages.OfType<Breakage.KillWhile>().Select(kill => kill.Call).Distinct().Count().ShouldBe(Enum.GetValues<Held>().Length);
    }

    [Fact]
    public void Names_are_given_once() =>
        Enumerable.Range(1, 400).SelectMany(number => new RunPlan(7).Talk(number).Jobs).Select(job => job.Name).ShouldBeUnique();
}
