using System.Text.Json.Nodes;
using Bots.Simulators.Models;

namespace Bots.Tests.EndToEnd;

/// <summary>A small repository with one genuine failing test, and what the model says about it.</summary>
public static class Sample
{
    public const string Broken = "export const add = (a, b) => a - b;\n";
    public const string Mended = "export const add = (a, b) => a + b;\n";

    public static readonly IReadOnlyDictionary<string, string> Files = new Dictionary<string, string>
    {
        ["package.json"] = """{ "name": "calculator", "type": "module", "scripts": { "test": "node --test" } }""",
        ["src/add.js"] = Broken,
        ["test/add.test.js"] = """
            import { test } from 'node:test';
            import assert from 'node:assert/strict';
            import { add } from '../src/add.js';
            test('adds', () => assert.equal(add(2, 3), 5));
            """,
        ["README.md"] = "# Calculator\n",
    };

    /// <summary>Reads, edits, runs the tests (which is asked), and reports.</summary>
    public static ModelScript Fix => ModelScript.On(
        "^fix",
        ModelStep.Say("I'll look at the code first.").AndCall("read", r => new JsonObject { ["filePath"] = Scripts.Resolve(r, "src/add.js") }),
        ModelStep.Say("It subtracts. I'll mend it.").AndCall("edit", r => new JsonObject
        {
            ["filePath"] = Scripts.Resolve(r, "src/add.js"), ["oldString"] = "a - b", ["newString"] = "a + b",
        }),
        ModelStep.Say("Now the tests.").AndCall("bash", new JsonObject { ["command"] = "npm test", ["description"] = "Runs the tests" }),
        ModelStep.Say("`add` subtracted; it **adds** now and the test passes."));

    /// <summary>Runs a command before anything else.</summary>
    public static ModelScript Run(string trigger, string command, string answer) => ModelScript.On(
        trigger,
        ModelStep.Say("Let me run something.").AndCall("bash", new JsonObject { ["command"] = command, ["description"] = "Runs it" }),
        ModelStep.Say(answer));
}
