using System.Text.RegularExpressions;
using Bots.Simulators.Models;

namespace Bots.Playground.Scripts;

/// <summary>Everything but fixing: questions, a new test, a typo, and what to say when something was denied or is not understood.</summary>
internal static partial class OtherScripts
{
    private const string TestFile = "test/money.test.js";

    private const string NextTest = "test('cents are shown as an amount'";

    private const string NewTest = "test('a split into no parts is refused', () => {\n  assert.throws(() => split(100, 0), RangeError);\n});\n\n";

    private const string HelpText =
        """
        I'm the playground's scripted model, so I only know a few things by heart. Try one of these:

        - **fix the failing test** – I read, edit, ask before I run `npm test`, and open a pull request
        - **what does this do?** – I read the README and answer
        - **add a test** – I write one and run it
        - **fix the typo on the website** – a change without any command
        - **take your time** – I never finish, so that you can press *Stop*

        Set `ANTHROPIC_API_KEY` or `OPENAI_API_KEY` before you start the playground, and a real model answers instead.
        """;

    /// <summary>The service tells the agent of a denial in a prompt of its own.</summary>
    public static ModelScript Denied => new()
    {
        Name = "denied",
        Matches = request => request.Prompt.StartsWith("Permission was denied:", StringComparison.Ordinal),
        Steps = [ModelStep.Say(request => $"All right, I leave that. {(Edited(request) ? "My change stays as it is; it is **untested**." : "Nothing was changed.")}")],
    };

    public static IEnumerable<ModelScript> AddTest
    {
        get
        {
            var look = ModelStep.Say("I'll see which tests there are.").Read(TestFile);
            yield return new ModelScript
            {
                Name = "add a test",
                Matches = request => request.Wants(Adding()) && (request.Turn == 0 || (request.Saw(NextTest) && !Exists(request))),
                Steps =
                [
                    look,
                    ModelStep.Say("Nobody checks yet that a split into no parts is refused. I'll add that test.").Edit(TestFile, NextTest, NewTest + NextTest),
                    ModelStep.Say("Let me run it.").RunTests(),
                    ModelStep.Say(request => FixScripts.Report(request, $"I added *a split into no parts is refused* to `{TestFile}`.")),
                ],
            };
            yield return new ModelScript
            {
                Name = "the test is there",
                Matches = request => request.Wants(Adding()),
                Steps = [look, ModelStep.Say(request => Exists(request) ? "The one test I know to add is there already." : "I only know a test for **acme/calculator**. Ask me there.")],
            };
        }
    }

    public static IEnumerable<ModelScript> Typo
    {
        get
        {
            var look = ModelStep.Say("I'll open the page.").Read("index.html");
            yield return new ModelScript
            {
                Name = "typo",
                Matches = request => request.Wants(Spelling()) && (request.Turn == 0 || request.Saw("Welcom to")),
                Steps = [look, ModelStep.Say("There: *Welcom*.").Edit("index.html", "Welcom to", "Welcome to"), ModelStep.Say("The headline says “Welcome to Acme” now.")],
            };
            yield return new ModelScript
            {
                Name = "no typo",
                Matches = request => request.Wants(Spelling()),
                Steps = [look, ModelStep.Say("I see no typo here. The one I know is in **acme/website**.")],
            };
        }
    }

    public static ModelScript Explain => new()
    {
        Name = "explain",
        Matches = request => request.Wants(Asking()),
        Steps = [ModelStep.Say("Let me read the README.").Read("README.md"), ModelStep.Say(Summary)],
    };

    public static ModelScript Help => new() { Name = "help", Matches = _ => true, Steps = [ModelStep.Say(HelpText)] };

    /// <summary>The README up to its second heading.</summary>
    private static string Summary(ModelRequest request)
    {
        var text = request.Results is [.., { IsError: false } readme] ? readme.FileText() : "";
        var body = Heading().Replace(text, "", 1);
        var end = body.IndexOf("\n## ", StringComparison.Ordinal);
        return body.Length == 0 ? "I could not read the README." : $"From the README:\n\n{(end < 0 ? body : body[..end]).Trim()}";
    }

    private static bool Exists(ModelRequest request) => request.Saw("a split into no parts is refused");

    private static bool Edited(ModelRequest request) => request.Messages.Any(m => m.Calls.Any(c => c.Name == "edit"));

    [GeneratedRegex(@"\b(add|write|create)\b.*\btests?\b", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Adding();

    [GeneratedRegex(@"\b(typo|spelling|headline|welcom)", RegexOptions.IgnoreCase)]
    private static partial Regex Spelling();

    [GeneratedRegex(@"\b(what|explain|describe|how|readme|summari[sz]e)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Asking();

    [GeneratedRegex(@"^# .*\n+")]
    private static partial Regex Heading();
}
