using Bots.Engine.Intake;
using Bots.Engine.Sessions;

namespace Bots.Engine.Retention;

/// <summary>What is left of one person's words, name and address. The id stays: it says nothing outside its surface, and the audit log has it too. Pure.</summary>
/// <param name="names">What the person was called, as quoted words are marked.</param>
internal sealed class Erasure(string surface, string id, IReadOnlySet<string> names)
{
    public const string Words = "(erased on request)";
    public const string Name = "(erased)";

    /// <summary>As it stands in JSON, to find what may tell of the person.</summary>
    public string Needle => $"\"id\":{Storage.EngineJson.Write(id)}";

    public bool Is(Person? person) => person is not null && person.Surface == surface && person.Id == id;

    public Person Of(Person person) => Is(person) ? new Person(surface, id, Name) : person;

    /// <returns>The event itself when it has nothing of the person's.</returns>
    public SessionEvent Of(SessionEvent happened) => happened switch
    {
        SessionEvent.PromptQueued queued when Is(queued.Author) => queued with { Author = Of(queued.Author), Text = Words },
        SessionEvent.RepositoryChosen { By: { } by } chosen when Is(by) => chosen with { By = Of(by), Why = Words },
        SessionEvent.StopAsked stop when Is(stop.By) => stop with { By = Of(stop.By) },
        SessionEvent.PermissionDecided { By: { } by } decided when Is(by) => decided with { By = Of(by), Reason = decided.Reason is null ? null : Words },
        _ => happened,
    };

    /// <returns>Null when none of it is the person's.</returns>
    public IReadOnlyList<Material>? Of(IReadOnlyList<Material> material) =>
        material.Any(m => names.Contains(m.Author)) ? [.. material.Select(m => names.Contains(m.Author) ? new Material(Name, m.Title, Words) : m)] : null;
}
