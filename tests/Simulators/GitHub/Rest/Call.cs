using Bots.Simulators.GitHub.State;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>One call of the API on its way: who calls, on what repository, with what body.</summary>
internal sealed class Call(HttpContext http, World world, Caller caller, string body)
{
    private readonly Lazy<Input> _input = new(() => GitHub.Rest.Input.Parse(body));
    private Repository? _repository;

    public HttpContext Http { get; } = http;

    public Caller Caller { get; } = caller;

    public Input Input => _input.Value;

    public Actor Actor => Caller.Actor(world) ?? throw new ApiException(401, "Requires authentication");

    /// <summary>The repository the route names. The caller sees it.</summary>
    public Repository Repository
    {
        get => _repository ?? throw ApiException.NotFound();
        set => _repository = value;
    }

    /// <summary>The issue or pull request <c>{number}</c>.</summary>
    public Issue Issue => int.TryParse(Route("number"), out var number) && Repository.Issues.TryGetValue(number, out var issue)
        ? issue
        : throw ApiException.NotFound();

    /// <summary>The pull request <c>{number}</c>.</summary>
    public Issue PullRequest => Issue is { Pull: not null } issue ? issue : throw ApiException.NotFound();

    /// <summary>The comment <c>{id}</c> and its issue.</summary>
    public (Issue Issue, Comment Comment) Comment => World.FindComment(Repository, Id) ?? throw ApiException.NotFound();

    /// <summary>Refuses a user who neither wrote what is to be changed nor can write to the repository.</summary>
    /// <exception cref="ApiException">403.</exception>
    public void DemandEditor(Account author)
    {
        if (Caller is Caller.Person(var user) && author.Id != user.Id && Repository.RoleOf(user) < Role.Write)
            throw new ApiException(403, "Must have admin rights to Repository.");
    }

    public long Id => long.TryParse(Route("id"), out var id) ? id : throw ApiException.NotFound();

    /// <summary>A part of the path. An escaped slash is the one thing routing leaves escaped.</summary>
    public string? Route(string name) =>
        (Http.Request.RouteValues[name] as string)?.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    public string? Query(string name) => Http.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    /// <summary>Whether a media type (<c>diff</c>, <c>raw</c>) is asked for: <c>application/vnd.github.diff</c>, with or without version and <c>+json</c>.</summary>
    public bool Accepts(string kind) => Http.Request.Headers.Accept.ToString().Split(',')
        .Select(type => type.Split(';')[0].Trim())
        .Any(type => type.Replace(".v3", "", StringComparison.Ordinal) is var plain
            && (plain == $"application/vnd.github.{kind}" || plain == $"application/vnd.github.{kind}+json"));

    /// <summary>The call of a request that went through <see cref="ApiPipeline"/>.</summary>
    public static Call Of(HttpContext http) => (Call)http.Items[typeof(Call)]!;
}
