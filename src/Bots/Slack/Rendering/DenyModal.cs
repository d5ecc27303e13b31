using System.Text.Json;
using Bots.Slack.Wire;

namespace Bots.Slack.Rendering;

/// <summary>What the modal must still know when it comes back.</summary>
internal sealed record DenyContext(string Permission, string Conversation);

/// <summary>The dialog behind "Deny with reason…".</summary>
internal static class DenyModal
{
    public const string CallbackId = "deny_with_reason";

    private const string Field = "reason";

    public static ModalView Of(DenyContext context) => new()
    {
        CallbackId = CallbackId,
        PrivateMetadata = JsonSerializer.Serialize(context, SlackJson.Wire.DenyContext),
        Title = TextObject.Plain("Deny with a reason"),
        Submit = TextObject.Plain("Deny"),
        Close = TextObject.Plain("Cancel"),
        Blocks =
        [
            new InputBlock(
                TextObject.Plain("What should the agent know?"),
                new TextInputElement { ActionId = Field, Multiline = true, MaxLength = 1000, Placeholder = TextObject.Plain("For example: use the staging database instead.") })
            {
                BlockId = Field,
            },
        ],
    };

    /// <returns>Null when nothing was written.</returns>
    public static string? ReasonOf(SlackSubmittedView view) =>
        view.State?.Values?.GetValueOrDefault(Field)?.GetValueOrDefault(Field)?.Value is { } reason && !string.IsNullOrWhiteSpace(reason) ? reason.Trim() : null;
}
