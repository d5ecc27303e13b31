namespace Bots.Configuration;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Key">The key, e.g. <c>Slack:SigningSecret</c>.</param>
/// <param name="Problem">What is wrong. Never holds the value of a secret.</param>
/// <param name="Mend">What to do about it.</param>
public sealed record ConfigurationProblem(string Key, string Problem, string Mend);

/// <summary>Checks one section at start. All checks run, so that all problems are reported together.</summary>
public interface IConfigurationCheck
{
    IEnumerable<ConfigurationProblem> Check();
}
