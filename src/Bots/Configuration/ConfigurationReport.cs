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
        var unknown = SchemaWalk.UnknownKeys(configuration).ToList();
        var unreadable = SchemaWalk.UnreadableValues(configuration).ToList();
        // Options cannot be bound while one of their values is unreadable. The service will not start, so its configuration
        // is free to be mended: whatever else is wrong is then told in the same report.
        foreach (var value in unreadable) configuration[value.Problem.Key] = value.Substitute;
        var others = services.GetServices<IConfigurationCheck>().SelectMany(check => check.Check())
            .Where(problem => !unreadable.Exists(value => IsAt(value.Problem.Key, problem.Key)));
        return [.. unknown.Concat(unreadable.Select(value => value.Problem)).Concat(others).Distinct().OrderBy(problem => problem.Key, StringComparer.OrdinalIgnoreCase)];
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

    private static bool IsAt(string key, string keyOrSection) =>
        key.Equals(keyOrSection, StringComparison.OrdinalIgnoreCase) || key.StartsWith(keyOrSection + ":", StringComparison.OrdinalIgnoreCase);
}
