using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bots.Simulators.Models;

public enum ModelProtocol
{
    OpenAiChat,
    OpenAiResponses,
    AnthropicMessages,
}

public enum ModelRole
{
    User,
    Assistant,
    Tool,
}

/// <summary>A tool call the model made earlier, as the request tells it back.</summary>
public sealed record ModelToolUse(string Id, string Name, string Arguments);

/// <summary>What a tool answered.</summary>
public sealed record ModelToolResult(string CallId, string Text, bool IsError);

public sealed record ModelMessage(ModelRole Role, string Text, IReadOnlyList<ModelToolUse> Calls, IReadOnlyList<ModelToolResult> Results);

/// <summary>What the simulator was asked, the same for every protocol.</summary>
public sealed partial record ModelRequest
{
    public required ModelProtocol Protocol { get; init; }

    public required string Model { get; init; }

    /// <summary>All system text.</summary>
    public required string System { get; init; }

    /// <summary>The conversation without its system messages.</summary>
    public required IReadOnlyList<ModelMessage> Messages { get; init; }

    /// <summary>Names of the tools the model may call.</summary>
    public required IReadOnlyList<string> Tools { get; init; }

    /// <summary>Those of <see cref="Tools"/> that take text as it is; a script gives it to them as a JSON string. OpenAI's responses only.</summary>
    public IReadOnlyList<string> CustomTools { get; init; } = [];

    public required bool Stream { get; init; }

    /// <summary>OpenAI only: a stream tells its usage.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>The body as it came.</summary>
    public required JsonElement Body { get; init; }

    /// <summary>The last words of the user; tool results and reminders the agent adds are not words of the user.</summary>
    public string Prompt => PromptIndex < 0 ? "" : WithoutReminders(Messages[PromptIndex].Text);

    /// <summary>Answers the model gave since <see cref="Prompt"/>: the index of the step that is due.</summary>
    public int Turn => Messages.Skip(PromptIndex + 1).Count(m => m.Role == ModelRole.Assistant);

    /// <summary>What tools answered since <see cref="Prompt"/>, in order.</summary>
    public IReadOnlyList<ModelToolResult> Results => [.. Messages.Skip(PromptIndex + 1).SelectMany(m => m.Results)];

    /// <summary>True for the side request with which an agent names its session.</summary>
    public bool IsTitle => Tools.Count == 0 && TitleWords().IsMatch(System);

    /// <summary>Where the agent says it works, or null.</summary>
    public string? WorkingDirectory => DirectoryLine().Match(System) is { Success: true } m ? m.Groups[1].Value.Trim() : null;

    private int PromptIndex
    {
        get
        {
            for (var i = Messages.Count - 1; i >= 0; i--)
            {
                if (Messages[i].Role == ModelRole.User && WithoutReminders(Messages[i].Text).Length > 0)
                    return i;
            }

            return -1;
        }
    }

    private static string WithoutReminders(string text) => Reminder().Replace(text, "").Trim();

    [GeneratedRegex("<system-reminder>.*?</system-reminder>", RegexOptions.Singleline)]
    private static partial Regex Reminder();

    [GeneratedRegex("title generat|generate a (short |brief )?title|thread title|naming a coding session", RegexOptions.IgnoreCase)]
    private static partial Regex TitleWords();

    [GeneratedRegex("^\\s*(?:Primary w|W)orking directory:(.+)$", RegexOptions.Multiline)]
    private static partial Regex DirectoryLine();
}
