using System.Text.Json.Nodes;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Dapper;

namespace Bots.Engine.Audit;

/// <summary>Sums up the model calls of each running prompt, so that the audit log tells of them once, at its end.</summary>
internal static class ModelTotals
{
    /// <param name="model">With its provider, whose credential was used: <c>provider/model</c>.</param>
    public static void Add(IWrite write, PromptId prompt, string model, TokenUsage usage) => write.Db.Execute(
        """
        INSERT INTO audit_models (prompt_id, model, calls, input, output, cache_read, cache_write)
        VALUES (@prompt, @model, 1, @Input, @Output, @CacheRead, @CacheWrite)
        ON CONFLICT (prompt_id, model) DO UPDATE SET calls = calls + 1, input = input + @Input, output = output + @Output,
            cache_read = cache_read + @CacheRead, cache_write = cache_write + @CacheWrite
        """,
        new { prompt, model, usage.Input, usage.Output, usage.CacheRead, usage.CacheWrite });

    /// <summary>The sums of a prompt, which are forgotten with that.</summary>
    public static JsonArray Take(IWrite write, PromptId prompt) =>
        new([.. write.Db.Query<Total>("DELETE FROM audit_models WHERE prompt_id = @prompt RETURNING *", new { prompt }).Select(Json)]);

    private static JsonObject Json(Total total) => new()
    {
        ["model"] = total.Model, ["credential"] = $"key of {total.Model.Split('/')[0]}", ["calls"] = total.Calls, ["input"] = total.Input,
        ["output"] = total.Output, ["cacheRead"] = total.CacheRead, ["cacheWrite"] = total.CacheWrite,
    };

    private sealed record Total
    {
        public string Model { get; init; } = "";

        public long Calls { get; init; }

        public long Input { get; init; }

        public long Output { get; init; }

        public long CacheRead { get; init; }

        public long CacheWrite { get; init; }
    }
}
