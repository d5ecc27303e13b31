using Bots.Agents;
using Bots.Engine.Models;

namespace Bots.Tests.Configuration;

public sealed class AgentsOptionsCheckTests
{
    [Theory]
    [InlineData("claude", "anthropic/claude-sonnet-4-5")]
    [InlineData("claude", null)]
    [InlineData("codex", "openai/gpt-5.3-codex")]
    [InlineData("codex", "nobody/m")]
    [InlineData("opencode", "anthropic/claude-sonnet-4-5")]
    public void What_fits_together_is_no_problem(string agent, string? model) => Problems(agent, model).ShouldBeEmpty();

    [Theory]
    [InlineData("claude", "openai/gpt-5.3-codex", "Set Models:Default to a model of anthropic, or Agents:Default to another agent.")]
    [InlineData("codex", "anthropic/claude-sonnet-4-5", "Set Models:Default to a model of openai, or Agents:Default to another agent.")]
    public void An_agent_that_cannot_speak_to_the_model_is_told_with_the_mend(string agent, string model, string mend) =>
        Problems(agent, model).Single().ShouldEndWith(mend);

    [Fact]
    public void A_kind_nobody_knows_is_told() =>
        Problems("opencode", null, ("Agents:mine:Kind", "clod"), ("Agents:mine:Command", "/opt/mine")).Single().ShouldStartWith("Agents:mine:Kind: no agent 'clod' is known");

    [Fact]
    public void A_variant_of_a_known_agent_needs_no_command() => Problems("mine", null, ("Agents:mine:Kind", "codex")).ShouldBeEmpty();

    /// <summary>With all agents installed, as far as the check can see.</summary>
    private static string[] Problems(string agent, string? model, params (string, string?)[] settings)
    {
        var configuration = Configured.With([("Agents:Default", agent), .. settings]);
        var options = AgentsSetup.Read(configuration.GetSection("Agents"));
        var models = new ModelsOptions
        {
            Default = model,
            Providers = new Dictionary<string, ModelProviderOptions> { ["openai"] = new() { ApiKey = "k" }, ["anthropic"] = new() { ApiKey = "k" } },
        };
        using var installed = Installed(options);
        return [.. new AgentsOptionsCheck(options with { Directory = installed.Path }, models).Check().Select(p => $"{p.Key}: {p.Problem} → {p.Mend}")];
    }

    private static Folder Installed(Engine.Agents.AgentsOptions options)
    {
        var folder = new Folder();
        foreach (var entry in options.Entries.Values.Where(e => e.Command.StartsWith(Engine.Agents.AgentEntry.Folder, StringComparison.Ordinal)))
        {
            var file = System.IO.Path.Combine(folder.Path, entry.Command[(Engine.Agents.AgentEntry.Folder.Length + 1)..]);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
            File.WriteAllText(file, "");
        }

        return folder;
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("bots-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
