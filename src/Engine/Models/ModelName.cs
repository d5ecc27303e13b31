using System.Diagnostics.CodeAnalysis;

namespace Bots.Engine.Models;

/// <summary>A model and who serves it, written <c>provider/model</c>. The model's own name may hold further slashes.</summary>
public sealed record ModelName(string Provider, string Model)
{
    public static bool TryParse(string? text, [NotNullWhen(true)] out ModelName? name)
    {
        name = text?.Trim().Split('/', 2) is [{ Length: > 0 } provider, { Length: > 0 } model] ? new ModelName(provider, model) : null;
        return name is not null;
    }

    public override string ToString() => $"{Provider}/{Model}";
}
