using System.Text.Json.Nodes;
using Bots.Simulators.Models;

namespace Bots.Tests.EndToEnd;

/// <summary>An agent besides OpenCode: what it needs in the configuration, and how a model asks it to do things.</summary>
public sealed record OtherAgent
{
    public static readonly OtherAgent Claude = new()
    {
        Name = "claude",
        Model = "claude-sonnet-4-5",
        Protocol = ModelProtocol.AnthropicMessages,
        Kind = "Anthropic",
        Read = path => new("Read", _ => new JsonObject { ["file_path"] = $"/workspace/{path}" }),
        Edit = (path, from, to) => new("Edit", _ => new JsonObject { ["file_path"] = $"/workspace/{path}", ["old_string"] = from, ["new_string"] = to }),
        Run = command => new("Bash", _ => new JsonObject { ["command"] = command, ["description"] = "Runs it" }),
    };

    public static readonly OtherAgent Codex = new()
    {
        Name = "codex",
        Model = "gpt-5.3-codex",
        Protocol = ModelProtocol.OpenAiResponses,
        Kind = "OpenAI",
        Read = path => new("exec_command", _ => new JsonObject { ["cmd"] = $"cat {path}" }),
        Edit = (path, from, to) => new("apply_patch", _ => JsonValue.Create($"*** Begin Patch\n*** Update File: {path}\n@@\n-{from}\n+{to}\n*** End Patch\n")),
        Run = command => new("exec_command", _ => new JsonObject { ["cmd"] = command }),
    };

    public required string Name { get; init; }

    /// <summary>A real one's name: agents know what those can do.</summary>
    public required string Model { get; init; }

    public required string Kind { get; init; }

    public required ModelProtocol Protocol { get; init; }

    public required Func<string, ModelToolCall> Read { get; init; }

    /// <summary>Path in the workspace, a whole line, and the line in its place.</summary>
    public required Func<string, string, string, ModelToolCall> Edit { get; init; }

    public required Func<string, ModelToolCall> Run { get; init; }

    public static OtherAgent Of(string name) => name == Claude.Name ? Claude : Codex;

    /// <summary>An installation whose only model and only agent are these.</summary>
    public async Task<Installation> Prepare(params IReadOnlyList<ModelScript> scripts)
    {
        var world = await Installation.Prepare(scripts);
        world.Settings["Agents:Default"] = Name;
        world.Settings["Models:Default"] = $"behind/{Model}";
        world.Settings["Models:Providers:behind:Kind"] = Kind;
        world.Settings["Models:Providers:behind:BaseUrl"] = (Kind == "OpenAI" ? world.Models.VersionedUrl : world.Models.BaseUrl).ToString();
        world.Settings["Models:Providers:behind:ApiKey"] = Installation.ModelKey;
        return world;
    }

    /// <summary>Runs a command before anything else.</summary>
    public ModelScript Running(string trigger, string command, string answer) =>
        ModelScript.On(trigger, ModelStep.Say("Let me run something.") with { Calls = [Run(command)] }, ModelStep.Say(answer));
}
