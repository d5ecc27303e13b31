using Bots.Engine.Models;

namespace Bots.Gateway;

/// <summary>The kinds of tools whose calls the provider hands back to the caller. All others it runs itself: it searches, fetches, or calls servers the caller names.</summary>
internal static class ClientTools
{
    /// <summary>They carry a date: <c>bash_20250124</c>. Searching among the tools of the call itself reaches no host.</summary>
    private static readonly string[] Anthropic = ["bash_", "text_editor_", "memory_", "computer_", "tool_search_tool_"];

    /// <param name="type">As the call has it, without regard to what a provider might forgive.</param>
    public static bool Contains(ModelKind kind, string type) => kind switch
    {
        ModelKind.Anthropic => type == "custom" || Anthropic.Any(start => type.StartsWith(start, StringComparison.Ordinal)),
        // A shell without more may be one in the provider's own containers; a namespace holds further tools, which are looked at like these.
        _ => type is "function" or "custom" or "local_shell" or "apply_patch" or "namespace" or "tool_search",
    };
}
