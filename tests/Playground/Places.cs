namespace Bots.Playground;

/// <summary>Where things lie in the source tree this was built from.</summary>
/// <param name="Service">The service's assembly, built the same way as this one.</param>
/// <param name="Agents">The folder with the agents' packages.</param>
/// <param name="Samples">The folder with the sample repositories.</param>
internal sealed record Places(string Service, string Agents, string Samples)
{
    /// <exception cref="InvalidOperationException">This does not run from where it was built.</exception>
    public static Places Find()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var root = here;
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Bots.sln"))) root = root.Parent;
        if (root is null) throw new InvalidOperationException("It must run from its source tree: dotnet run --project tests/Playground.");

        var built = Path.GetRelativePath(Path.Combine(root.FullName, "tests", "Playground"), here.FullName);
        return new Places(
            Path.Combine(root.FullName, "src", "Bots", built, "Bots.dll"),
            Path.Combine(root.FullName, "manifests", "agents"),
            Path.Combine(here.FullName, "sample"));
    }
}
