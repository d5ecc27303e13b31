using System.Text.Json.Serialization;
using Bots.Engine;

namespace Bots.Schedules;

/// <summary>A firing as it stands in the inbox: it holds what was configured when it fired.</summary>
/// <param name="Due">When it should have fired; with the name, this tells one firing from another.</param>
internal sealed record ScheduleFiring(string Name, DateTimeOffset Due, string Prompt, string Channel, RepositoryName? Repository)
{
    public const string Kind = "fired";

    /// <summary>The delivery's id: the same firing, however often it is made, has the same.</summary>
    [JsonIgnore]
    public string Id => $"{Name}/{Due.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}";
}
