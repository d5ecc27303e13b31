namespace Bots.Configuration;

/// <summary>Everything that is wrong with the configuration, together.</summary>
public static class ConfigurationReport
{
    /// <summary>What the process ends with when it cannot start so: <c>EX_CONFIG</c> of sysexits.h.</summary>
    public const int ExitCode = 78;

    /// <summary>Runs all checks. Nothing must have been started before.</summary>
    /// <param name="error">Where the problems are printed, if there are any.</param>
    /// <returns>True when the service may start.</returns>
    public static bool IsSound(IServiceProvider services, TextWriter error)
    {
        var problems = Problems(services);
        if (problems.Count > 0) error.Write(Text(problems));
        return problems.Count == 0;
    }

    internal static IReadOnlyList<ConfigurationProblem> Problems(IServiceProvider services)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var unreadable = SchemaWalk.UnreadableValues(configuration).ToList();
        // Options that cannot be bound make their checks fail or repeat what is known by key already.
        var others = Others(services, unreadable).Where(problem => !unreadable.Exists(known => IsAt(known.Key, problem.Key)));
        return [.. SchemaWalk.UnknownKeys(configuration).Concat(unreadable).Concat(others).Distinct().OrderBy(problem => problem.Key, StringComparer.OrdinalIgnoreCase)];
    }

    internal static string Text(IReadOnlyList<ConfigurationProblem> problems)
    {
        var width = problems.Max(problem => problem.Key.Length) + 2;
        var text = new System.Text.StringBuilder();
        text.Append(problems.Count == 1 ? "Bots cannot start: one problem in its configuration.\n\n" : $"Bots cannot start: {problems.Count} problems in its configuration.\n\n");
        foreach (var problem in problems)
        {
            text.Append($"  {problem.Key.PadRight(width)}{problem.Problem}\n");
            text.Append($"  {new string(' ', width)}→ {problem.Mend}\n");
        }

        return text.Append("\nKeys stand in appsettings.json or in the environment (Slack__SigningSecret); appsettings.schema.json says what each means.\n").ToString();
    }

    private static List<ConfigurationProblem> Others(IServiceProvider services, List<ConfigurationProblem> unreadable)
    {
        var found = new List<ConfigurationProblem>();
        try
        {
            foreach (var check in services.GetServices<IConfigurationCheck>()) found.AddRange(Run(check, unreadable));
        }
        catch (InvalidOperationException) when (unreadable.Count > 0)
        {
            return found;
        }

        return found;
    }

    private static IReadOnlyList<ConfigurationProblem> Run(IConfigurationCheck check, List<ConfigurationProblem> unreadable)
    {
        try
        {
            return [.. check.Check()];
        }
        catch (InvalidOperationException) when (unreadable.Count > 0)
        {
            return [];
        }
    }

    private static bool IsAt(string key, string keyOrSection) =>
        key.Equals(keyOrSection, StringComparison.OrdinalIgnoreCase) || key.StartsWith(keyOrSection + ":", StringComparison.OrdinalIgnoreCase);
}
