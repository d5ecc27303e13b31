using System.Text.RegularExpressions;

namespace Bots.Simulators.Models;

/// <summary>The step that is due, and whose it is.</summary>
internal sealed record Cue(string Script, int Turn, ModelStep Step);

/// <summary>Decides what the model says. Pure: the request alone tells where its script stands.</summary>
internal static partial class Director
{
    public static Cue Choose(IReadOnlyList<ModelScript> scripts, ModelRequest request)
    {
        if (request.IsTitle)
            return new Cue("title", 0, ModelStep.Say(Title(request.Prompt)));

        var script = scripts.FirstOrDefault(s => s.Matches(request));
        if (script is null)
            return new Cue("echo", request.Turn, ModelStep.Say($"You asked: {Shorten(request.Prompt, 200)}"));
        return new Cue(script.Name, request.Turn, request.Turn < script.Steps.Count ? script.Steps[request.Turn] : ModelStep.Say(script.Ending));
    }

    private static string Title(string prompt) => $"Work on: {Shorten(TitleRequest().Replace(prompt, "").ReplaceLineEndings(" "), 30)}";

    private static string Shorten(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";

    [GeneratedRegex("^Generate a title for this conversation:\\s*")]
    private static partial Regex TitleRequest();
}
