using System.Text;
using Bots.Engine;
using Bots.Engine.Intake;
using Bots.Engine.Storage;
using Bots.Engine.Surfaces;
using Bots.Slack;

namespace Bots.Schedules;

/// <summary>Turns a firing into a prompt whose answer opens a new thread in the schedule's channel.</summary>
internal sealed partial class ScheduleReader(IEnumerable<ISurface> surfaces, ILogger<ScheduleReader> logger) : IDeliveryReader
{
    public string Surface => Schedule.Surface;

    public async Task<IReadOnlyList<Inbound>> Read(Delivery delivery, CancellationToken cancellation)
    {
        var firing = EngineJson.Read<ScheduleFiring>(Encoding.UTF8.GetString(delivery.Body));
        if (surfaces.FirstOrDefault(s => s.Name == SlackPlace.Surface) is not { } slack) return Unheard(firing, "Slack is not configured", null);
        try
        {
            return [Request(firing, await slack.NewConversation(firing.Channel, cancellation))];
        }
        catch (SurfaceException e) when (e.IsFinal)
        {
            return Unheard(firing, e.Message, e);
        }
    }

    private static Inbound.PromptRequest Request(ScheduleFiring firing, ConversationKey conversation) => new()
    {
        Conversation = conversation,
        Author = new Person(Schedule.Surface, firing.Name, firing.Name),
        Text = firing.Prompt,
        Target = firing.Repository is { } repository ? new WorkTarget(repository) : null,
        Channel = firing.Channel.TrimStart('#'),
    };

    /// <summary>Kept where operators look: there is nobody in a channel to tell.</summary>
    private IReadOnlyList<Inbound> Unheard(ScheduleFiring firing, string why, Exception? e)
    {
        NoPlace(firing.Name, firing.Due, firing.Channel, why, e);
        return [new Inbound.Unanswerable(Request(firing, new ConversationKey(Schedule.Surface, firing.Id)), why)];
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The firing of schedule {Schedule} due {Due} starts nothing, since its answer cannot go to {Channel}: {Why}")]
    private partial void NoPlace(string schedule, DateTimeOffset due, string channel, string why, Exception? e);
}
