using Bots.Engine.Models;

namespace Bots.Configuration;

/// <summary>Whether models can be called as they are configured.</summary>
internal sealed class ModelsOptionsCheck(ModelsOptions options) : IConfigurationCheck
{
    public IEnumerable<ConfigurationProblem> Check() => Check(options);

    internal static IEnumerable<ConfigurationProblem> Check(ModelsOptions models) =>
        [.. models.Providers.SelectMany(entry => Provider(entry.Key, entry.Value)), .. Default(models), .. models.Prices.SelectMany(entry => Price(entry.Key, entry.Value)),
            .. PriceSources(models), .. Allow(models), .. Budget("Session", models.Budgets.Session), .. Budget("User", models.Budgets.User), .. Budget("Repository", models.Budgets.Repository), .. Budget("Day", models.Budgets.Day)];

    private static IEnumerable<ConfigurationProblem> Provider(string id, ModelProviderOptions provider)
    {
        var key = $"Models:Providers:{id}";
        if (!id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            yield return new(key, "is not an id", "Use letters, digits, '-', '_' and '.': it becomes a part of an address.");
        if (provider.BaseUrl is null && provider.Kind is null && ModelProviders.WellKnownKind(id) is null)
            yield return new($"{key}:BaseUrl", "is not set", $"Nobody knows where '{id}' is: set it, e.g. to https://models.example.com/v1.");
        else if (provider.BaseUrl is null && string.IsNullOrWhiteSpace(provider.ApiKey))
            yield return new($"{key}:ApiKey", "is not set", "The public service asks for a key. Set it, or set BaseUrl to a server of your own.");
        if (provider.ApiKey is { } apiKey && apiKey.Trim().Any(c => !char.IsBetween(c, '!', '~')))
            yield return new($"{key}:ApiKey", "holds white space or characters no key has", "Give the key alone, on one line, without quotes.");
        if (provider.BaseUrl is { } url && Address(id, provider, url) is { } mend)
            yield return new($"{key}:BaseUrl", "cannot be used", mend);
    }

    private static string? Address(string id, ModelProviderOptions provider, Uri url)
    {
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)) return "Write an absolute http(s) address.";
        if (url.UserInfo.Length > 0) return "Leave out the credentials; the key belongs into ApiKey.";
        if (url.Query.Length > 0 || url.Fragment.Length > 0) return "Leave out everything from the ? or # on.";
        var kind = provider.Kind ?? ModelProviders.WellKnownKind(id);
        return kind == ModelKind.Anthropic && url.AbsolutePath.TrimEnd('/').EndsWith("/v1", StringComparison.Ordinal) ? "Leave out /v1: it is a part of every call." : null;
    }

    private static IEnumerable<ConfigurationProblem> Default(ModelsOptions models)
    {
        if (string.IsNullOrWhiteSpace(models.Default)) yield break;
        var ids = models.Providers.Keys.Order(StringComparer.Ordinal).ToList();
        if (!ModelName.TryParse(models.Default, out var name))
            yield return new("Models:Default", $"'{models.Default}' is not of the form provider/model", "Write it like anthropic/claude-sonnet-4-5.");
        else if (!ids.Contains(name.Provider, StringComparer.OrdinalIgnoreCase))
            yield return new("Models:Default", $"there is no provider '{name.Provider}'",
                Spelling.Nearest(name.Provider, ids) is { } near ? $"Did you mean {near}/{name.Model}?" : $"Configure it: set Models:Providers:{name.Provider}:ApiKey.");
    }

    private static IEnumerable<ConfigurationProblem> Price(string model, ModelPrice price)
    {
        if (!ModelName.TryParse(model, out _))
            yield return new($"Models:Prices:{model}", "is not of the form provider/model", "Write it like anthropic/claude-sonnet-4-5.");
        if (price.Input < 0 || price.Output < 0 || price.CacheRead < 0 || price.CacheWrite < 0)
            yield return new($"Models:Prices:{model}", "has a negative price", "Give US dollars for a million tokens, 0 for free.");
    }

    private static IEnumerable<ConfigurationProblem> PriceSources(ModelsOptions models)
    {
        if (models.PricesUrl is { } url && (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)))
            yield return new("Models:PricesUrl", "cannot be used", "Write an absolute http(s) address, e.g. https://models.dev/api.json.");
        if (models.PricesFile is { Length: > 0 } file && PriceFile(file) is { } problem)
            yield return new("Models:PricesFile", $"{file}: {problem}", "Give a readable file in the shape of https://models.dev/api.json.");
    }

    private static string? PriceFile(string file)
    {
        try
        {
            using var json = File.OpenRead(file);
            PriceList.Read(json);
            return null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or FormatException)
        {
            return problem.Message;
        }
    }

    private static IEnumerable<ConfigurationProblem> Allow(ModelsOptions models)
    {
        foreach (var (pattern, index) in models.Allow.Select((pattern, index) => (pattern, index)))
            if (pattern.Trim() is not "*" && !ModelName.TryParse(pattern, out _))
                yield return new($"Models:Allow:{index}", $"'{pattern}' is not of the form provider/model", "Write it like anthropic/claude-*, or * for all.");
        if (ModelName.TryParse(models.Default, out var name) && ModelRules.IsForbidden(name.ToString(), models.Allow))
            yield return new("Models:Allow", $"leaves out Models:Default, {name}", "Allow it, or choose another default.");
    }

    private static IEnumerable<ConfigurationProblem> Budget(string scope, BudgetLimit limit)
    {
        var key = $"Models:Budgets:{scope}";
        if (limit.Soft <= 0) yield return new($"{key}:Soft", $"{limit.Soft} is not an amount", "Give US dollars, more than 0; leave it out for none.");
        if (limit.Hard <= 0) yield return new($"{key}:Hard", $"{limit.Hard} is not an amount", "Give US dollars, more than 0; leave it out for none.");
        if (limit.Extension < 0) yield return new($"{key}:Extension", $"{limit.Extension} is not an amount", "Give US dollars, or 0 when nobody may extend it.");
        if (limit.Soft > limit.Hard) yield return new($"{key}:Soft", "is more than Hard", "Choose less: people are told at the first, and work stops at the second.");
    }
}
