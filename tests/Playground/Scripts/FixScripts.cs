using System.Text.RegularExpressions;
using Bots.Simulators.Models;

namespace Bots.Playground.Scripts;

/// <summary>A real mistake in one of the sample repositories, and its mend.</summary>
/// <param name="Cause">What is wrong, as the model says it.</param>
/// <param name="Outcome">What is right now, as the model says it.</param>
internal sealed record Bug(string Source, string Test, string Broken, string Mended, string Cause, string Outcome)
{
    public static readonly Bug Centuries = new(
        "src/dates.js",
        "test/dates.test.js",
        "return year % 4 === 0;",
        "return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;",
        "`isLeapYear` takes every fourth year for a leap year. 1900 and 2100 are none: a century only counts when 400 divides it.",
        "`isLeapYear` knows the rule for centuries now, and with it `daysInMonth` and `addMonths`.");

    public static readonly Bug Loans = new(
        "src/loans.js",
        "test/loans.test.js",
        "const rate = yearlyPercent / 100;",
        "const rate = yearlyPercent / 100 / 12;",
        "`monthlyPayment` charges the whole year's interest every month. The rate has to be divided by twelve.",
        "`monthlyPayment` uses the monthly rate now: 10,000.00 at 6 % over two years costs 443.21 a month.");
}

/// <summary>"Fix the failing test", "fix this": plan, read, edit, run the tests, report.</summary>
internal static partial class FixScripts
{
    private static readonly string[] Plan = ["Find the cause", "Mend the code", "Run the tests"];

    public static IEnumerable<ModelScript> All => [.. Of(Bug.Loans), .. Of(Bug.Centuries)];

    private static IEnumerable<ModelScript> Of(Bug bug)
    {
        var look = ModelStep.Say("I'll look at the failing test and at the code it is about.").Plan(0, Plan).Read(bug.Test).Read(bug.Source);
        bool Meant(ModelRequest request) => request.Wants(Fixing()) && IsAboutLoans(request) == (bug == Bug.Loans);

        yield return new ModelScript
        {
            Name = $"fix {bug.Source}",
            Matches = request => Meant(request) && (request.Turn == 0 || request.Saw(bug.Broken)),
            Steps =
            [
                look,
                ModelStep.Say($"Found it. {bug.Cause}").Plan(1, Plan).Edit(bug.Source, bug.Broken, bug.Mended),
                ModelStep.Say("Now I'll run the tests.").Plan(2, Plan).RunTests(),
                new ModelStep().Plan(3, Plan),
                ModelStep.Say(request => Report(request, bug.Outcome, $"The mend is in `{bug.Source}`.")),
            ],
        };
        yield return new ModelScript
        {
            Name = $"{bug.Source} is mended already",
            Matches = request => Meant(request) && request.Saw(bug.Mended),
            Steps = [look, ModelStep.Say("This is mended already. I'll run the tests to be sure.").RunTests(), ModelStep.Say(request => Report(request, "There was nothing left to fix."))],
        };
        yield return new ModelScript
        {
            Name = $"no {bug.Source} here",
            Matches = Meant,
            Steps = [look, ModelStep.Say("I can't find a failing test here that I know. I follow a script: ask me in **acme/calculator**, or for the typo in **acme/website**.")],
        };
    }

    /// <summary>The outcome, with what the tests said.</summary>
    public static string Report(ModelRequest request, string outcome, string place = "") => request.Tests() switch
    {
        (var passed, 0) => $"{outcome} All {passed} tests pass. {place}".TrimEnd(),
        (var passed, var failed) => $"{outcome} {passed} tests pass, **{failed} still {(failed == 1 ? "fails" : "fail")}**. {place}".TrimEnd(),
        null => $"{outcome} I could not run the tests, so this is **untested**. {place}".TrimEnd(),
    };

    private static bool IsAboutLoans(ModelRequest request) => request.Prompt.Contains("loan", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\b(fix|mend|repair|debug|failing)", RegexOptions.IgnoreCase)]
    private static partial Regex Fixing();
}
