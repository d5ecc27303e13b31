namespace Bots.Simulators.GitHub.Rest;

/// <summary>A call somebody made, for tests to look at. Holds no credentials.</summary>
/// <param name="Path">Below the API's base: <c>/repos/o/r/pulls</c>; for git, the path of the web host.</param>
/// <param name="Caller"><c>app</c>, <c>installation 1</c>, a login, or <c>anonymous</c>.</param>
/// <param name="Status">0 when a fault broke the connection.</param>
public sealed record ApiCall(DateTimeOffset At, string Method, string Path, string Query, string? Body, string Caller, int Status);
