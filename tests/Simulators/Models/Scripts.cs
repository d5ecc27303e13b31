using System.Text.Json.Nodes;

namespace Bots.Simulators.Models;

/// <summary>Where the calculator's parts are and what is wrong with it.</summary>
public sealed record CalculatorFiles
{
    /// <summary>Relative to the directory the agent works in.</summary>
    public string Source { get; init; } = "src/calculator.js";

    public string Test { get; init; } = "test/calculator.test.js";

    public string Broken { get; init; } = "return a - b;";

    public string Mended { get; init; } = "return a + b;";

    public string TestCommand { get; init; } = "npm test";
}

/// <summary>Scripts for the playground and for tests with a real agent. Tool names and arguments are OpenCode's.</summary>
public static class Scripts
{
    /// <summary>All of them, the default of the playground.</summary>
    public static IReadOnlyList<ModelScript> Playground(CalculatorFiles files) => [Calculator(files), Explain(files), Slow()];

    /// <summary>"Fix the failing test": plan, read, run the tests, edit, run them again, report. Tells of a refusal when one of the commands was refused.</summary>
    public static ModelScript Calculator(CalculatorFiles files) => ModelScript.On(
        "failing test",
        ModelStep.Say("I'll look at the failing test first.")
            .AndCall("todowrite", Plan(0))
            .AndCall("read", r => new JsonObject { ["filePath"] = Resolve(r, files.Test) })
            .AndCall("read", r => new JsonObject { ["filePath"] = Resolve(r, files.Source) }),
        ModelStep.Say("The test expects a sum. Let me see it fail.")
            .AndCall("bash", Command(files.TestCommand, "Runs the tests")),
        ModelStep.Say($"`{files.Source}` computes something else. I'll mend it.")
            .AndCall("todowrite", Plan(1))
            .AndCall("edit", r => new JsonObject { ["filePath"] = Resolve(r, files.Source), ["oldString"] = files.Broken, ["newString"] = files.Mended }),
        ModelStep.Say("Now the tests again.")
            .AndCall("todowrite", Plan(2))
            .AndCall("bash", Command(files.TestCommand, "Runs the tests")),
        ModelStep.Say(request => Report(request, files)));

    /// <summary>"Explain the calculator": reads and tells; changes nothing.</summary>
    public static ModelScript Explain(CalculatorFiles files) => ModelScript.On(
        "explain|what does",
        ModelStep.Say("Let me read it.").AndCall("read", r => new JsonObject { ["filePath"] = Resolve(r, files.Source) }),
        ModelStep.Say($"`{files.Source}` holds the arithmetic of the calculator: one small function per operation, each exported for the tests in `{files.Test}`."));

    /// <summary>"Take your time": never ends by itself, for trying the stop button.</summary>
    public static ModelScript Slow() => ModelScript.On("take your time", ModelStep.Hang("I'm thinking about this very thoroughly. Press stop when you have seen enough."));

    /// <summary>The path as the agent's tools want it: absolute where the agent tells where it works.</summary>
    public static string Resolve(ModelRequest request, string path)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.WorkingDirectory is { } directory && !Path.IsPathRooted(path) ? $"{directory.TrimEnd('/')}/{path}" : path;
    }

    private static JsonObject Command(string command, string description) => new() { ["command"] = command, ["description"] = description };

    private static JsonObject Plan(int done) => new()
    {
        ["todos"] = new JsonArray([.. new[] { "Read the failing test", "Mend the code", "Run the tests" }.Select((content, i) => new JsonObject
        {
            ["content"] = content,
            ["status"] = i < done ? "completed" : i == done ? "in_progress" : "pending",
            ["priority"] = "high",
            ["id"] = $"{i + 1}",
        })]),
    };

    private static string Report(ModelRequest request, CalculatorFiles files) => request.Results.Any(r => IsRefusal(r.Text))
        ? $"I wasn't allowed to do everything. The mend for `{files.Source}` is `{files.Mended}` in place of `{files.Broken}`."
        : $"The test passes now: `{files.Source}` had `{files.Broken}` where it needed `{files.Mended}`.";

    private static bool IsRefusal(string text) =>
        text.Contains("rejected permission", StringComparison.OrdinalIgnoreCase) || text.Contains("denied", StringComparison.OrdinalIgnoreCase);
}
