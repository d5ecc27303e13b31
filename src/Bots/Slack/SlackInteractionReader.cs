using System.Text.Json;
using Bots.Engine;
using Bots.Engine.Intake;
using Bots.Engine.Surfaces;
using Bots.Slack.Rendering;
using Bots.Slack.Wire;

namespace Bots.Slack;

/// <summary>Turns clicks and submitted modals into answers. Of a payload only ids are believed, and the clicker is authorised like an asker.</summary>
internal sealed class SlackInteractionReader(SlackClient client, SlackAccess access)
{
    private const string DialogFailed =
        "The dialog for your reason did not open in time. Press **Deny with reason…** once more, or press **Deny** and write the reason here in the thread.";

    public Task<Inbound> Read(SlackInteraction interaction, CancellationToken cancellation) => interaction switch
    {
        { Type: "block_actions", Actions: [{ } action, ..] } => Click(interaction, action, cancellation),
        { Type: "view_submission", View: { CallbackId: DenyModal.CallbackId } view } => Submission(interaction, view, cancellation),
        _ => Task.FromResult<Inbound>(new Inbound.Ignored($"an unknown {interaction.Type}")),
    };

    private async Task<Inbound> Click(SlackInteraction interaction, SlackAction action, CancellationToken cancellation)
    {
        if (action.ActionId is not (SlackActions.ApproveOnce or SlackActions.ApproveSession or SlackActions.Deny or SlackActions.DenyWithReason or SlackActions.Stop or SlackActions.PickRepository))
            return new Inbound.Ignored($"nothing is done about a click on {action.ActionId}");
        if (PlaceOf(interaction) is not { } place || interaction.User?.Id is not { } user) return new Inbound.Ignored("a click from nowhere");
        var admission = await access.Admit(interaction.Team?.Id ?? place.Team, place.Channel, user, cancellation);
        var by = SlackDirectory.PersonOf(user, admission.User);
        if (admission.Refusal is { } refusal) return new Inbound.Reply(place.Key, refusal, by);
        return action switch
        {
            { ActionId: SlackActions.ApproveOnce, Value: { Length: > 0 } id } => Answer(place, by, id, PermissionDecision.AllowOnce),
            { ActionId: SlackActions.ApproveSession, Value: { Length: > 0 } id } => Answer(place, by, id, PermissionDecision.AllowSession),
            { ActionId: SlackActions.Deny, Value: { Length: > 0 } id } => Answer(place, by, id, PermissionDecision.Deny),
            { ActionId: SlackActions.DenyWithReason, Value: { Length: > 0 } id } => await AskReason(interaction, place, by, id, cancellation),
            { ActionId: SlackActions.Stop } => new Inbound.StopRequest(place.Key, action.Value is { Length: > 0 } prompt ? new PromptId(prompt) : null, by),
            { BlockId: { } block, SelectedOption.Value: var name } when SlackActions.TryReadPick(block, out var session) && RepositoryName.TryParse(name, out var repository) =>
                new Inbound.RepositoryChoice(place.Key, session, repository, by),
            _ => new Inbound.Ignored($"a click on {action.ActionId} that says nothing"),
        };
    }

    private async Task<Inbound> AskReason(SlackInteraction interaction, SlackPlace place, Person by, string permission, CancellationToken cancellation)
    {
        try
        {
            await client.OpenView(new OpenViewRequest(interaction.TriggerId ?? "", DenyModal.Of(new DenyContext(permission, place.Key.Key))), cancellation);
            return new Inbound.Ignored("the reason is being asked for");
        }
        catch (SurfaceException)
        {
            // A trigger lives three seconds: later tries are in vain, so the person is told instead.
            return new Inbound.Reply(place.Key, DialogFailed, by);
        }
    }

    private async Task<Inbound> Submission(SlackInteraction interaction, SlackSubmittedView view, CancellationToken cancellation)
    {
        var context = JsonSerializer.Deserialize(view.PrivateMetadata ?? "null", SlackJson.Wire.DenyContext);
        if (context is null || !SlackPlace.TryParse(new ConversationKey(SlackPlace.Surface, context.Conversation), out var place) || interaction.User?.Id is not { } user)
            return new Inbound.Ignored("a modal that is not ours");
        var admission = await access.Admit(interaction.Team?.Id ?? place.Team, place.Channel, user, cancellation);
        var by = SlackDirectory.PersonOf(user, admission.User);
        if (admission.Refusal is { } refusal) return new Inbound.Reply(place.Key, refusal, by);
        return Answer(place, by, context.Permission, PermissionDecision.Deny) with { Reason = DenyModal.ReasonOf(view) };
    }

    private static Inbound.PermissionAnswer Answer(SlackPlace place, Person by, string permission, PermissionDecision decision) =>
        new() { Conversation = place.Key, By = by, Permission = new PermissionId(permission), Decision = decision };

    internal static SlackPlace? PlaceOf(SlackInteraction interaction)
    {
        var team = interaction.Message?.Team ?? interaction.Team?.Id;
        var channel = interaction.Container?.ChannelId ?? interaction.Channel?.Id;
        var thread = interaction.Container?.ThreadTs ?? interaction.Message?.ThreadTs ?? interaction.Container?.MessageTs ?? interaction.Message?.Ts;
        return team is null || channel is null || thread is null ? null : new SlackPlace(team, channel, thread);
    }
}
