using System.ComponentModel.DataAnnotations;

namespace Bots.Engine.Retention;

/// <summary>Section <c>Retention</c>: how long is kept what nobody needs any more to go on. The audit log is kept for ever.</summary>
public sealed record RetentionOptions
{
    /// <summary>Ids of deliveries, by which one that comes again is known.</summary>
    [Range(typeof(TimeSpan), "4.00:00:00", "3650.00:00:00")]
    public TimeSpan Deliveries { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Sessions with all that was said in them, from when something last happened in them.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan Transcripts { get; init; } = TimeSpan.FromDays(90);

    /// <summary>What single model calls used and cost.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan Usage { get; init; } = TimeSpan.FromDays(90);
}
