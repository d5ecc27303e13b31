using System.Diagnostics;

namespace Bots.Engine.Telemetry;

/// <summary>What spans are marked with: ids and outcomes. Never what people or agents said.</summary>
public static class SpanTags
{
    public const string Session = "bots.session";
    public const string Prompt = "bots.prompt";
    public const string Delivery = "bots.delivery";
    public const string Surface = "bots.surface";
    public const string Kind = "bots.kind";
    public const string Outcome = "bots.outcome";
    public const string Permission = "bots.permission";
    public const string Resumed = "bots.resumed";

    /// <summary>Marks a span as failed, with the kind of the failure only: its text may hold anything.</summary>
    public static void Fail(this Activity? span, Exception e) => span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", e.GetType().FullName);
}
