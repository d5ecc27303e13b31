using Microsoft.AspNetCore.Builder;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>What a call needs; metadata of its endpoint. Any one of the permissions suffices.</summary>
internal sealed record Needs(NeededBy By, string Level, params string[] Permissions);

internal enum NeededBy
{
    /// <summary>The app's JWT.</summary>
    App,

    /// <summary>An installation access token.</summary>
    Installation,

    /// <summary>Anybody who sees the repository and holds a permission on it.</summary>
    Repository,

    /// <summary>Nobody in particular.</summary>
    Anybody,
}

internal static class NeedsExtensions
{
    public static T AsApp<T>(this T route) where T : IEndpointConventionBuilder =>
        route.WithMetadata(new Needs(NeededBy.App, "read"));

    public static T AsInstallation<T>(this T route) where T : IEndpointConventionBuilder =>
        route.WithMetadata(new Needs(NeededBy.Installation, "read"));

    public static T Reads<T>(this T route, params string[] permissions) where T : IEndpointConventionBuilder =>
        route.WithMetadata(new Needs(NeededBy.Repository, "read", permissions));

    public static T Writes<T>(this T route, params string[] permissions) where T : IEndpointConventionBuilder =>
        route.WithMetadata(new Needs(NeededBy.Repository, "write", permissions));

    public static T Open<T>(this T route) where T : IEndpointConventionBuilder =>
        route.WithMetadata(new Needs(NeededBy.Anybody, "read"));
}
