using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Bots.Configuration;
using Bots.Engine.Gateway;
using Bots.Engine.Models;
using Bots.Engine.Permissions;
using Bots.Engine.Prompts;
using Bots.Engine.Retention;
using Bots.GitHub;
using Bots.Slack;
using Microsoft.Extensions.Configuration;

namespace Bots.Tests.Configuration;

public sealed class SchemaTests
{
    public static readonly TheoryData<string, Type> Sections = new()
    {
        { "Bots", typeof(BotsOptions) },
        { "Slack", typeof(SlackOptions) },
        { "GitHub", typeof(GitHubOptions) },
        { "Models", typeof(ModelsOptions) },
        { "Models:Providers:x", typeof(ModelProviderOptions) },
        { "Models:Prices:x", typeof(ModelPrice) },
        { "Repositories:0", typeof(RepositoryOptions) },
        { "Sandbox:Limits", typeof(SandboxLimits) },
        { "Scheduler", typeof(SchedulerOptions) },
        { "Permissions", typeof(PermissionsOptions) },
        { "Retention", typeof(RetentionOptions) },
        { "Network", typeof(NetworkOptions) },
    };

    [Theory]
    [MemberData(nameof(Sections))]
    public void The_schema_has_just_the_keys_that_are_read(string section, Type options) =>
        Find(section).Properties.Keys.Order().ShouldBe(options.GetProperties().Where(property => property.CanWrite).Select(property => property.Name).Order());

    [Theory]
    [MemberData(nameof(Sections))]
    public void The_schema_has_the_ranges_that_are_checked(string section, Type options)
    {
        foreach (var property in options.GetProperties())
        {
            if (property.GetCustomAttributes(typeof(RangeAttribute), inherit: true) is not [RangeAttribute range]) continue;
            var schema = Find($"{section}:{property.Name}");
            if (schema.Minimum is { } minimum) (minimum, schema.Maximum).ShouldBe((Convert.ToDouble(range.Minimum), Convert.ToDouble(range.Maximum)));
            else Description(section, property.Name).ShouldContain($"{range.Minimum} to {range.Maximum}.");
        }
    }

    [Fact]
    public void The_defaults_are_the_same_in_the_file_the_schema_and_the_options()
    {
        var file = new ConfigurationBuilder().AddJsonFile(Path.Combine(Configured.Root, "appsettings.json")).Build();
        var values = file.AsEnumerable().Where(entry => entry.Value is not null && entry.Key != "$schema" && !entry.Key.StartsWith("Logging", StringComparison.Ordinal)).ToList();

        values.Count.ShouldBeGreaterThan(15);
        foreach (var (key, value) in values) value.ShouldBe(Find(key).Default, key);
        file.GetSection("Scheduler").Get<SchedulerOptions>().ShouldBe(new SchedulerOptions());
        file.GetSection("Permissions").Get<PermissionsOptions>().ShouldBe(new PermissionsOptions());
        file.GetSection("Retention").Get<RetentionOptions>().ShouldBe(new RetentionOptions());
        file.GetSection("Sandbox:Limits").Get<SandboxLimits>().ShouldBe(new SandboxLimits());
        file.GetSection("Bots").Get<BotsOptions>().ShouldBe(new BotsOptions());
        GitHubOptions.Read(file).ShouldBe(new GitHubOptions());
        file.GetSection("Slack")["ApiUrl"].ShouldBe(new SlackOptions().ApiUrl.ToString());
    }

    [Fact]
    public void Every_key_says_what_it_means()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Configured.Root, "appsettings.schema.json")));

        Silent(schema.RootElement, "").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Slack:BotToken")]
    [InlineData("Slack:SigningSecret")]
    [InlineData("Slack:AppToken")]
    [InlineData("GitHub:PrivateKey")]
    [InlineData("GitHub:WebhookSecret")]
    [InlineData("GitHub:Token")]
    [InlineData("Models:Providers:x:ApiKey")]
    [InlineData("Api:Token")]
    public void Secrets_are_marked_as_such(string key) => Find(key).IsSecret.ShouldBeTrue();

    private static IEnumerable<string> Silent(JsonElement schema, string path)
    {
        if (schema.TryGetProperty("properties", out var properties))
        {
            foreach (var property in properties.EnumerateObject())
            {
                var isSection = property.Value.TryGetProperty("properties", out _);
                if (!isSection && !property.Value.TryGetProperty("description", out _)) yield return $"{path}:{property.Name}";
                foreach (var inner in Silent(property.Value, $"{path}:{property.Name}")) yield return inner;
            }
        }

        foreach (var word in new[] { "items", "additionalProperties" })
            if (schema.TryGetProperty(word, out var nested) && nested.ValueKind == JsonValueKind.Object)
                foreach (var inner in Silent(nested, $"{path}:{word}")) yield return inner;
    }

    private static string Description(string section, string name)
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Configured.Root, "appsettings.schema.json")));
        return section.Split(':').Append(name).Aggregate(schema.RootElement, (here, key) => here.GetProperty("properties").GetProperty(key)).GetProperty("description").GetString()!;
    }

    private static ConfigurationSchema Find(string key) => key.Split(':').Aggregate(ConfigurationSchema.Root, (here, name) =>
        here.Items ?? (here.Properties.TryGetValue(name, out var known) ? known : here.AdditionalProperties)
        ?? throw new InvalidOperationException($"The schema does not know {key}."));
}
